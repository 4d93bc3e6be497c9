/** What is put together in `src/alert-parts.ts`. */
export { alertBook } from './book.ts';
export { type AlertMailer, alertMailer } from './mail.ts';
export { sendDue } from './send.ts';
export { watch } from './watch.ts';
