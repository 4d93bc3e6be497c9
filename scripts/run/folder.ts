/** Where this clone keeps what it makes by itself: data of the private servers, files, first credentials. */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The top of the repository. */
export const repository = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
export const stackFolder = join(repository, '.stack');
