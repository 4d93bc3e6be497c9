/** Every setting with its default, its unit and a line on what it does; `docs/configuration.md` is written from here. */
import { z } from 'zod';

const bytes = (mib: number) => mib * 1024 * 1024;
const whole = (fallback: number) => z.coerce.number().int().positive().default(fallback);
const optionalWhole = z.coerce.number().int().positive().optional();
const optionalUrl = z.string().url().optional();

export const settings = z.object({
  DATABASE_URL: z.string().url().describe('PostgreSQL, through PgBouncer if you like. `npm start` fills it in.'),
  DATABASE_DIRECT_URL: optionalUrl.describe(
    'PostgreSQL without PgBouncer, for locks and listeners. Default: DATABASE_URL.',
  ),
  REDIS_URL: z.string().url().describe('Redis of the bulk lane (noeviction).'),
  FEED_REDIS_URL: optionalUrl.describe('Redis of the feeds. Default: REDIS_URL.'),
  AMQP_URL: z.string().url().describe('RabbitMQ of the real-time lane.'),
  TWOLANE_RABBITMQ_MANAGEMENT_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe(
      "RabbitMQ's management API, `http://user:password@host:15672`, of a user with the tag `monitoring`: shows the memory and the free disk of its nodes.",
    ),
  TWOLANE_RABBITMQ_QUEUES: z
    .enum(['classic', 'quorum'])
    .default('classic')
    .describe('Kind of the queues in RabbitMQ: `quorum` for a cluster, whose queues shall survive the loss of a node.'),
  TWOLANE_PREFIX: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,30}$/)
    .default('twolane')
    .describe('Begins every Redis key, RabbitMQ name and schema, so that installations can share servers.'),
  TWOLANE_SCHEMA: z
    .string()
    .regex(/^[a-z][a-z0-9_]{0,40}$/)
    .optional()
    .describe('Schema of the tables. Default: `twolane`; with another prefix, such as `shop`, `shop_twolane`.'),
  TWOLANE_PRODUCT: z.enum(['social', 'none']).default('social').describe('`none` leaves the social product out.'),
  TWOLANE_FEED_MERGED_ABOVE: whole(100_000).describe(
    'Posts of authors with more followers than this are not written into feeds but merged as feeds are read.',
  ),
  TWOLANE_FEED_IDLE_DAYS: whole(30).describe(
    'A feed that nobody reads for so long is dropped and takes no posts until its next read rebuilds it, days.',
  ),
  TWOLANE_DEMO: z
    .stringbool()
    .default(false)
    .describe(
      'The page /demo, on which anybody may be one of the people that `npm run seed` made up. `npm start` turns it on unless TWOLANE_ENV is `production`.',
    ),
  TWOLANE_ENV: z.string().default('development').describe('Shown on every operator page.'),
  TWOLANE_READ_ONLY: z
    .stringbool()
    .default(false)
    .describe(
      'True: operators and API keys may look but not steer (retry, cancel, pause, change schedules and alerts, manage keys); jobs are taken and run as ever. Say so to every process that serves the API or the pages.',
    ),
  TWOLANE_SHARD: z.coerce.number().int().min(0).max(8191).default(0).describe('Logical shard of new ids.'),
  HOST: z.string().default('127.0.0.1').describe('Address to listen on.'),
  PORT: z.coerce.number().int().min(0).max(65535).default(3000).describe('API, dashboard and demo page.'),
  OPS_PORT: z.coerce
    .number()
    .int()
    .min(0)
    .max(65535)
    .optional()
    .describe('Moves /ops and /metrics to a port of their own.'),
  HEALTH_PORT: z.coerce
    .number()
    .int()
    .min(0)
    .max(65535)
    .optional()
    .describe(
      'Where a worker or scheduler process answers /healthz, /readyz and its own /metrics. The API answers them on PORT.',
    ),
  PUBLIC_URL: optionalUrl.describe(
    'Where people reach it: makes the URLs of files absolute, and gives mails a link that turns them off.',
  ),
  TWOLANE_API_KEY: z.string().min(32).optional().describe('First API key, all scopes, taken as it is.'),
  TWOLANE_OPERATOR_PASSWORD: z.string().min(8).optional().describe('Password of the first operator, `admin`.'),
  TWOLANE_OIDC_ISSUER: optionalUrl.describe(
    'Lets operators log in by OpenID Connect: the issuer, as its `/.well-known/openid-configuration` says.',
  ),
  TWOLANE_OIDC_CLIENT_ID: z.string().min(1).optional().describe('What the provider calls this installation.'),
  TWOLANE_OIDC_CLIENT_SECRET: z.string().min(16).optional().describe('The secret of TWOLANE_OIDC_CLIENT_ID.'),
  TWOLANE_OIDC_REDIRECT_URL: optionalUrl.describe(
    'Where the provider sends people back to, as it is reached from outside: `https://ops.example/ops/login/oidc/callback`.',
  ),
  TWOLANE_OIDC_ROLES: z
    .string()
    .min(1)
    .optional()
    .describe(
      'Which values of the claim lead to which role: `admin=ops-leads operator=sre,on-call viewer=*`. The mightiest that fits counts; `*` is everybody.',
    ),
  TWOLANE_OIDC_CLAIM: z.string().min(1).default('groups').describe('The claim that TWOLANE_OIDC_ROLES is about.'),
  TWOLANE_OIDC_NAME_CLAIM: z.string().min(1).default('email').describe('The claim that names an operator.'),
  TWOLANE_WELCOME_TOKEN: z
    .string()
    .min(16)
    .optional()
    .describe('Works once in `/?token=…` and lets a newcomer upload. `npm start` makes one and prints the link.'),
  TWOLANE_FILES_DIR: z
    .string()
    .default('.stack/files')
    .describe('Folder of the disk file store; with a bucket, of the files that running jobs work on.'),
  TWOLANE_S3_BUCKET: z
    .string()
    .min(3)
    .optional()
    .describe(
      'Keeps files in this bucket instead of a folder. Credentials come from where the AWS SDK looks: `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`, a profile, the container or the machine.',
    ),
  TWOLANE_S3_ENDPOINT: optionalUrl.describe('A server that speaks S3. Default: that of Amazon.'),
  TWOLANE_S3_REGION: z.string().optional().describe('Default: `AWS_REGION`, or that of the profile.'),
  TWOLANE_S3_PREFIX: z.string().optional().describe('Begins every key, so that installations can share a bucket.'),
  TWOLANE_S3_PATH_STYLE: z
    .stringbool()
    .default(false)
    .describe(
      'True: the bucket is in the path of the URL instead of the name of the host, as MinIO and others want it.',
    ),
  TWOLANE_MAX_UPLOAD_BYTES: whole(bytes(4096)).describe('Largest upload, bytes.'),
  TWOLANE_UPLOAD_EXPIRES_S: whole(24 * 60 * 60).describe(
    'How long an upload may take, and an unfinished one is kept to be resumed, seconds.',
  ),
  TWOLANE_OWNER_MAX_BYTES: optionalWhole.describe(
    'Bytes that all photos and videos of one owner may have, uploads under way included. Renditions do not count.',
  ),
  TWOLANE_OWNER_MAX_UPLOADS: whole(100).describe('Uploads of one owner that may be under way at once.'),
  TWOLANE_TENANT_MAX_BYTES: optionalWhole.describe('The same for what the API keys of one tenant hand in.'),
  TWOLANE_TENANT_MAX_UPLOADS: whole(10_000).describe('Uploads of one tenant that may be under way at once.'),
  TWOLANE_MAX_PIXELS: whole(100_000_000).describe('Largest image, pixels over all frames.'),
  TWOLANE_AVIF: z
    .stringbool()
    .default(true)
    .describe('Every photo gets AVIF renditions as well, by a job of low priority after it is ready.'),
  TWOLANE_MAX_VIDEO_S: whole(3600).describe('Longest video, seconds.'),
  TWOLANE_VIDEO_PIECE_MS: whole(30_000).describe(
    'A video that costs more is encoded by several jobs, each of which costs about so much; milliseconds of CPU time.',
  ),
  TWOLANE_MAX_PAYLOAD_BYTES: whole(bytes(8)).describe('Largest payload of a job, bytes of JSON.'),
  TWOLANE_INLINE_PAYLOAD_BYTES: whole(64 * 1024).describe(
    'Larger payloads go to the file store, which all processes must share then; bytes of JSON.',
  ),
  TWOLANE_REALTIME_CONCURRENCY: whole(50).describe('Jobs that one process runs at once on each real-time queue.'),
  TWOLANE_BULK_CONCURRENCY: whole(4).describe('Jobs that one process runs at once on each bulk queue.'),
  TWOLANE_REALTIME_MAX_AGE_MS: optionalWhole.describe(
    'A real-time queue whose oldest job waits longer than this takes no more: 429. Milliseconds.',
  ),
  TWOLANE_BULK_MAX_AGE_MS: optionalWhole.describe('The same for bulk queues. An operator may say otherwise per queue.'),
  TWOLANE_LEDGER_MAX_BYTES: optionalWhole.describe(
    'Bytes that the database may have. From 95 % on bulk queues take no more jobs, at 100 % real-time ones either.',
  ),
  TWOLANE_WORKER_CONCURRENCY: optionalWhole.describe(
    'Jobs that one process runs at once over all its queues. Default: no limit but those of the queues.',
  ),
  TWOLANE_DRAIN_MS: whole(25_000).describe('How long SIGTERM waits for running jobs, milliseconds.'),
  TWOLANE_LEASE_MS: whole(10_000).describe('A process without a heartbeat for this long is judged dead, milliseconds.'),
  TWOLANE_CANARY_MS: whole(3_000).describe(
    'A consumer that was given nothing for this long is probed, milliseconds; after 2.5 times as long it is late and is made anew.',
  ),
  TWOLANE_PATROL_MS: whole(10_000).describe(
    'How often live jobs are looked at for 200 ms and the sums compared, to find and mend what can not be, milliseconds.',
  ),
  TWOLANE_DATABASE_POOL: whole(12).describe('Connections per process to PostgreSQL.'),
  TWOLANE_RETENTION_DAYS: whole(30).describe('Finished jobs are kept this long, days.'),
  TWOLANE_AUDIT_DAYS: whole(365).describe('What operators and API keys did is kept this long, days.'),
  TWOLANE_RETENTION_JOBS: optionalWhole.describe(
    'Most jobs that are kept, about; the oldest days go first. Unset: as many as there are.',
  ),
  TWOLANE_RETENTION_BYTES: optionalWhole.describe(
    "Most bytes that the ledger's history takes; the oldest days go first. Unset: as many as it needs.",
  ),
  TWOLANE_UNDO_MS: z.coerce
    .number()
    .int()
    .min(0)
    .default(15 * 60_000)
    .describe('How long a discarded job can be restored, milliseconds.'),
  TWOLANE_SECRET_KEYS: z
    .string()
    .default('')
    .describe(
      'Keys for secret fields of payloads: 32 random bytes in base64 (`openssl rand -base64 32`), the same for every process. To replace one, put the new one before it with a comma between: the first encrypts, all of them read.',
    ),
  TWOLANE_CORS_ORIGINS: z
    .string()
    .default('')
    .describe(
      'Origins whose pages may call the API and read files: `https://app.example`, with commas between, or `*`. Empty: none.',
    ),
  TWOLANE_OUTGOING_ALLOW: z
    .string()
    .default('')
    .describe(
      'Where webhooks and media by URL may lead although it is not the public internet: networks such as `10.1.0.0/16` and names of hosts, with commas between.',
    ),
  TWOLANE_WEBHOOK_TIMEOUT_MS: whole(15_000).describe(
    'How long a receiver of a webhook may take to answer, milliseconds.',
  ),
  TWOLANE_WEBHOOK_PATIENCE_MS: whole(3 * 24 * 60 * 60_000).describe(
    'A webhook is disabled when nothing went well for this long, milliseconds, and TWOLANE_WEBHOOK_FAILURES attempts failed.',
  ),
  TWOLANE_WEBHOOK_FAILURES: whole(10).describe('See TWOLANE_WEBHOOK_PATIENCE_MS.'),
  TWOLANE_VAPID_PUBLIC_KEY: z
    .string()
    .regex(/^[A-Za-z0-9_-]{87}$/)
    .optional()
    .describe(
      'Web Push for notifications and alerts: the key that browsers subscribe with. `npx web-push generate-vapid-keys` makes a pair.',
    ),
  TWOLANE_VAPID_PRIVATE_KEY: z
    .string()
    .regex(/^[A-Za-z0-9_-]{43}$/)
    .optional()
    .describe('The other half of TWOLANE_VAPID_PUBLIC_KEY.'),
  TWOLANE_VAPID_SUBJECT: z
    .string()
    .regex(/^(mailto:|https:\/\/)./)
    .optional()
    .describe('Whom a push service may ask about what we send: `mailto:you@example.com`, or an `https:` page.'),
  TWOLANE_SMTP_URL: z
    .string()
    .regex(/^smtps?:\/\/./)
    .optional()
    .describe(
      'E-mail for notifications and alerts: the server that takes it, `smtp://user:password@mail.example:587`.',
    ),
  TWOLANE_MAIL_FROM: z
    .string()
    .regex(/@/)
    .optional()
    .describe('The sender of these mails: `notify@example.com`, or with a name, `Example <notify@example.com>`.'),
  TWOLANE_TRACES: z
    .enum(['off', 'export', 'app'])
    .default('off')
    .describe(
      '`export`: this process sends its traces by OTLP, as the variables of OpenTelemetry say (OTEL_EXPORTER_OTLP_ENDPOINT). `app`: they go to the provider that the app has registered.',
    ),
  TWOLANE_TRACE_URL: z
    .string()
    .regex(/^https?:\/\/.*\{traceId\}/, 'must be a URL with {traceId} in it')
    .optional()
    .describe('Where a trace can be looked at, with `{traceId}` in its place: the pages of jobs link to it.'),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
    .default('info')
    .describe('Least severe log record.'),
});

export type Settings = z.output<typeof settings>;
