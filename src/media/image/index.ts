/** What the rest of the project sees of the image side; sharp itself is only loaded in the child processes. */
export { type ImagePoolOptions, type ImageRenderer, imagePool } from './pool.ts';
export type { RenderedImage } from './protocol.ts';
