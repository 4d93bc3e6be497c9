/** The mask of secret fields; a file of its own, so that pages in a browser need nothing else of them. */

/** Stands where a secret is; in an edited payload it means the value that is there already. */
export const secretMask = '[secret]';
