/** What the rest of the project sees of the video side. */
export { type Packaged, type Pieces, videoFolder } from './assemble.ts';
export { type FilmMaking, makeFilm } from './film.ts';
export { type MadeVideo, type VideoMaker, type VideoMakerOptions, videoMaker } from './maker.ts';
export { partName } from './pictures-call.ts';
export { rungsOf, type VideoPlan } from './plan.ts';
export type { Piece } from './price.ts';
export { soundName } from './sound-call.ts';
export { textName } from './subtitles.ts';
