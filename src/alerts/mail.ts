/** Alerts by e-mail, through the SMTP server of the installation. */
import type { Transporter } from 'nodemailer';
import { TwolaneError } from '../contract/index.ts';

export interface MailSettings {
  /** `smtp://user:password@host:587`, or `smtps:`. */
  url: string;
  from: string;
}

export interface AlertMailer {
  /** @throws TwolaneError `not_delivered` without the address, which texts of servers repeat */
  mail(mail: { to: string; subject: string; text: string }): Promise<void>;
}

const timeouts = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 20_000 };

/** A connection per mail: alerts are rare, and one that stays open may be dead when it is needed. */
export function alertMailer({ url, from }: MailSettings): AlertMailer {
  let transport: Promise<Transporter> | undefined;
  const open = async () => (await import('nodemailer')).createTransport({ url, ...timeouts });
  return {
    async mail({ to, subject, text }) {
      transport ??= open();
      const headers = { 'auto-submitted': 'auto-generated' };
      try {
        await (await transport).sendMail({ from, to: { name: '', address: to }, subject, text, headers });
      } catch (error) {
        const { responseCode, code } = error as { responseCode?: number; code?: string };
        throw new TwolaneError('not_delivered', `The mail server answered ${responseCode ?? code ?? 'nothing'}`);
      }
    },
  };
}
