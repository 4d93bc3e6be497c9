/** The oldest RabbitMQ that the lane works with, checked once when a process starts. */
import type { ServerProperties } from 'amqplib';
import { TwolaneError } from '../../contract/errors.ts';

const oldest = [3, 10] as const;

/** @throws TwolaneError `broker_too_old` naming both versions. */
export function requireVersion({ version }: ServerProperties): void {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > oldest[0] || (major === oldest[0] && minor >= oldest[1])) return;
  throw new TwolaneError(
    'broker_too_old',
    `RabbitMQ ${version} is too old for the queues as they are used here. Install ${oldest.join('.')} or newer`,
  );
}
