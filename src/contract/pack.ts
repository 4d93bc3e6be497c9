/** A pack: several envelopes in one message of a broker, for queues so quick that the message costs more than the work. */
import type { Envelope } from './envelope.ts';
import type { Delivery } from './lane.ts';
import { isId } from './words.ts';

/** Cuts envelopes into packs of at most `size`, in their order. */
export function packsOf(envelopes: readonly Envelope[], size: number): Envelope[][] {
  const packs: Envelope[][] = [];
  for (let at = 0; at < envelopes.length; at += size) packs.push(envelopes.slice(at, at + size));
  return packs;
}

/** What a message holds: a list of fields for each envelope, and nothing else. */
export function packFields(pack: readonly Envelope[]): unknown[][] {
  return pack.map(({ id, type, version, fence, crashes }) => [id, type, version, fence, crashes]);
}

/** Undefined for anything that `packFields` did not make: a stranger's message. */
export function readPack(fields: unknown): Envelope[] | undefined {
  if (!Array.isArray(fields) || fields.length === 0) return undefined;
  const envelopes = fields.map(toEnvelope).filter((envelope) => envelope !== undefined);
  return envelopes.length === fields.length ? envelopes : undefined;
}

function toEnvelope(fields: unknown): Envelope | undefined {
  if (!Array.isArray(fields)) return undefined;
  const [id, type, version, fence, crashes] = fields;
  // One id that PostgreSQL can't read would fail the claim of all that arrived with it, again and again.
  if (typeof id !== 'string' || typeof type !== 'string' || !isId(id)) return undefined;
  if (!isCount(version) || !isCount(fence) || !isCount(crashes)) return undefined;
  return { id, type, version, fence, crashes };
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/** The message that a pack came in. */
export interface PackMessage {
  readonly redelivered: boolean;
  ack(): void;
  /** The broker gives the whole pack to another consumer; the ledger refuses those of it that were claimed. */
  release(): void;
}

/**
 * One delivery for each envelope of a pack. The message is settled with the last of them: acked when all were acked,
 * given back when any was. Settling a delivery twice changes nothing.
 */
export function unpack(envelopes: readonly Envelope[], message: PackMessage): Delivery[] {
  const pack = { open: envelopes.length, released: false, message };
  return envelopes.map((envelope) => new PackedDelivery(envelope, pack));
}

class PackedDelivery implements Delivery {
  readonly envelope: Envelope;
  readonly redelivered: boolean;
  #pack: { open: number; released: boolean; message: PackMessage } | undefined;

  constructor(envelope: Envelope, pack: { open: number; released: boolean; message: PackMessage }) {
    this.envelope = envelope;
    this.redelivered = pack.message.redelivered;
    this.#pack = pack;
  }

  ack(): void {
    this.#settle(false);
  }

  release(): void {
    this.#settle(true);
  }

  #settle(released: boolean): void {
    const pack = this.#pack;
    if (!pack) return;
    this.#pack = undefined;
    pack.released ||= released;
    if (--pack.open > 0) return;
    if (pack.released) pack.message.release();
    else pack.message.ack();
  }
}
