/** What the rest of the project sees of the video side. */
export { type MadeVideo, type VideoMaker, type VideoMakerOptions, videoMaker } from './maker.ts';
