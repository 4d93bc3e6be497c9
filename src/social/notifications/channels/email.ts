/** E-mail by the SMTP server of the installation. */
import type { Transporter } from 'nodemailer';
import { TwolaneError } from '../../../contract/errors.ts';
import { unsubscribeToken } from '../unsubscribing.ts';
import type { Channel, Outcome } from './channel.ts';
import { type Mail, notificationMail } from './email-template.ts';

export interface MailSettings {
  /** `smtp://user:password@host:587`, or `smtps:`. */
  url: string;
  from: string;
  /** PUBLIC_URL: where the links in mails lead. Without it mails have none. */
  publicUrl?: string | undefined;
}

/** Connections of one process. */
const connections = 4;
const timeouts = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 20_000 };
/** Replies to a recipient that say: there is no such mailbox (RFC 5321, section 4.2.2). */
const noSuchMailbox = [550, 551, 553];

export interface Mailer extends Channel {
  /** @throws TwolaneError `not_delivered` for what another attempt may mend; it names no address. */
  mail(mail: Mail & { id: string; to: string }): Promise<Outcome>;
}

export function emailChannel({ url, from, publicUrl }: MailSettings): Mailer {
  let transport: Promise<Transporter> | undefined;
  const open = async () => {
    const { createTransport } = await import('nodemailer');
    return createTransport({ url, pool: true, maxConnections: connections, ...timeouts });
  };
  const mailer: Mailer = {
    name: 'email',
    send({ deliveryId, target, message }) {
      const token = publicUrl && unsubscribeToken(target, message.kind);
      const link = token ? `${publicUrl.replace(/\/$/, '')}/v1/unsubscribe/${token}` : undefined;
      return mailer.mail({ ...notificationMail(message, link), id: `notification-${deliveryId}`, to: target.address });
    },
    async mail({ id, to, subject, text, html, unsubscribe }) {
      transport ??= open();
      const messageId = `<${id}@${from.replace(/^.*@|>.*$/g, '')}>`;
      const headers = {
        'auto-submitted': 'auto-generated',
        ...(unsubscribe && {
          'list-unsubscribe': `<${unsubscribe}>`,
          'list-unsubscribe-post': 'List-Unsubscribe=One-Click',
        }),
      };
      try {
        await (await transport).sendMail({
          from,
          to: { name: '', address: to },
          subject,
          text,
          html,
          messageId,
          headers,
        });
        return { is: 'sent' };
      } catch (error) {
        return refused(error);
      }
    },
    close: () => void transport?.then((opened) => opened.close()),
  };
  return mailer;
}

/** Texts of servers repeat addresses, so only their codes are kept. */
function refused(error: unknown): Outcome {
  const { responseCode, command, code } = error as { responseCode?: number; command?: string; code?: string };
  const detail = `the mail server answered ${responseCode ?? code ?? 'nothing'}${command ? ` to ${command}` : ''}`;
  if (responseCode !== undefined && command === 'RCPT TO' && noSuchMailbox.includes(responseCode))
    return { is: 'gone', detail };
  // 535: the credentials do not fit, which their owner may mend.
  if (responseCode !== undefined && responseCode >= 500 && responseCode !== 535) return { is: 'failed', detail };
  throw new TwolaneError('not_delivered', detail);
}
