/** The first API key and operator password: taken from the environment, or made once and kept. */
import { join } from 'node:path';
import { newSecret, readIfThere, writePrivate } from '../stack/secrets.ts';

export interface Credentials {
  apiKey: string;
  /** Of the operator `admin`. */
  operatorPassword: string;
}

const file = (folder: string) => join(folder, 'credentials.json');

/** What was made at an earlier start. */
export function keptCredentials(folder: string): Partial<Credentials> {
  return JSON.parse(readIfThere(file(folder)) ?? '{}') as Partial<Credentials>;
}

/** What `TWOLANE_API_KEY` and `TWOLANE_OPERATOR_PASSWORD` say; each that is unset is made once and kept under `folder`. */
export function credentials(folder: string, environment: Readonly<Record<string, string | undefined>>): Credentials {
  const kept = keptCredentials(folder);
  const made = {
    apiKey: kept.apiKey ?? `tl_${newSecret()}`,
    operatorPassword: kept.operatorPassword ?? newSecret().slice(0, 16),
  };
  if (!kept.apiKey || !kept.operatorPassword) writePrivate(file(folder), `${JSON.stringify(made, null, 2)}\n`);
  return {
    apiKey: environment.TWOLANE_API_KEY || made.apiKey,
    operatorPassword: environment.TWOLANE_OPERATOR_PASSWORD || made.operatorPassword,
  };
}
