/** The port of large payloads and results (claim check): the file store keeps them, the job's row holds a reference. */
import type { SecretFields } from './secrets.ts';
import type { Json } from './words.ts';

export interface PayloadFile {
  key: string;
  /** Of the JSON text. */
  bytes: number;
  /** Hex. */
  sha256: string;
}

export interface PayloadFiles {
  /** What encrypts the secret fields of payloads before they are kept anywhere. */
  readonly secrets: SecretFields;
  /** False: there is no file store, `keep` throws. */
  readonly hasStore: boolean;
  /** Payloads of more bytes of JSON go to the file store. */
  readonly inlineBytes: number;
  /** No payload has more bytes of JSON. */
  readonly maxBytes: number;
  /**
   * Stores JSON texts. They are safe on the disk when it resolves, before any row refers to them; what no row takes is
   * swept up later. Throws TwolaneError `no_file_store`, `disk_full`.
   */
  keep(texts: readonly string[]): Promise<PayloadFile[]>;
  /** Throws TwolaneError `payload_missing`, `payload_damaged`, `no_file_store`. */
  read(file: PayloadFile): Promise<Json>;
}
