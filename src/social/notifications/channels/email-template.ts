/** The mails, each as text and as HTML. */
import type { Message } from './channel.ts';

export interface Mail {
  subject: string;
  text: string;
  html: string;
  /** Where mails like this one are turned off by one click; undefined where that can't be. */
  unsubscribe?: string | undefined;
}

const footer = 'You get this mail because you asked for it in your notification settings, where you can turn it off.';

export function notificationMail({ text }: Pick<Message, 'text'>, unsubscribe?: string): Mail {
  const link = unsubscribe && ` <a href="${escaped(unsubscribe)}">No more mails like this</a>`;
  return {
    subject: text,
    text: `${text}.\n\n-- \n${footer}\n${unsubscribe ? `No more mails like this: ${unsubscribe}\n` : ''}`,
    html: page(
      `<p style="font-size:18px">${escaped(text)}.</p><p style="color:#666;font-size:13px">${footer}${link ?? ''}</p>`,
    ),
    unsubscribe,
  };
}

/** @param code what its reader types in. */
export function confirmationMail(code: string): Mail {
  const subject = `${code} confirms your e-mail address`;
  const why = 'Somebody wants to get notifications at this address. If that was not you, do nothing.';
  return {
    subject,
    text: `${subject}.\n\n${why}\n`,
    html: page(`<p style="font-size:18px"><b>${code}</b> confirms your e-mail address.</p><p>${why}</p>`),
  };
}

function page(body: string): string {
  return `<!doctype html><html lang="en"><body style="font-family:sans-serif">${body}</body></html>`;
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}
