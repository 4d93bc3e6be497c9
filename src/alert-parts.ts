/** Alerts put together: the book of the operators' pages, and the scheduler's step. */
import { alertBook, alertMailer, sendDue, watch } from './alerts/index.ts';
import { pushSettingsOf } from './config.ts';
import type { AlertBook } from './contract/index.ts';
import type { Core } from './core.ts';
import { createWebPush, type Outgoing } from './outgoing/index.ts';

export interface AlertParts {
  book: AlertBook;
  /** Looks what is wrong and what is well again. */
  watch(): Promise<void>;
  /** Sends what is due to be told. */
  tell(): Promise<void>;
}

export function createAlertParts({ config, database, operations, logger }: Core, outgoing: Outgoing): AlertParts {
  const { TWOLANE_SMTP_URL: url, TWOLANE_MAIL_FROM: from } = config;
  const mailer = url && from ? alertMailer({ url, from }) : undefined;
  const pushSettings = pushSettingsOf(config);
  const push = pushSettings && createWebPush(pushSettings, outgoing);
  const timeoutMs = config.TWOLANE_WEBHOOK_TIMEOUT_MS;
  return {
    book: alertBook({ database, outgoing, push }),
    watch: () => watch({ database, operations, publicUrl: config.PUBLIC_URL }),
    tell: () => sendDue({ database, outgoing, mailer, push, timeoutMs, logger }),
  };
}
