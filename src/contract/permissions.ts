/** What one may do, by name: of an operator a role says it, of an API key its scopes do. One list for both. */

/** Every permission of the platform. A product's routes add scopes of their own, such as `posts:write`. */
export const permissions = {
  'pages:open': 'Open the operator pages',
  'jobs:read': 'See jobs, their payloads, results and logs, dead letters, operations on many jobs',
  'jobs:write': 'Enqueue jobs and flows',
  'jobs:operate': 'Retry, cancel, discard and restore jobs, one or many',
  'jobs:reveal': 'See the secret fields of payloads in clear, with a line in the audit',
  'queues:read': 'See queues, workers, pauses, alarms and repairs',
  'queues:operate': 'Pause and resume queues, job types and keys, set their limits, drain workers',
  'schedules:read': 'See schedules',
  'schedules:write': 'Make, change, pause, run and remove schedules',
  'media:read': 'See photos and videos',
  'media:write': 'Upload, change and remove photos and videos',
  'metrics:read': 'See metrics',
  'alerts:read': 'See alerts, their rules and silences, and where they are told',
  'alerts:operate': 'Acknowledge and silence alerts',
  'alerts:write': 'Change the rules of alerts and where they are told',
  'audit:read': 'See who did what',
  'webhooks:read': 'See webhooks and their deliveries',
  'webhooks:write': 'Make, change, replay and remove webhooks',
  'tokens:write': 'Make tokens for users',
  'keys:read': 'See API keys, without their values',
  'keys:write': 'Make, rotate and remove API keys, with scopes of one’s own',
  'operators:read': 'See operators',
  'operators:write': 'Make and remove operators, set their roles and passwords',
  act: 'Act for a user named in X-Acting-User',
} as const;

export type Permission = keyof typeof permissions;

export const permissionNames = Object.keys(permissions) as readonly Permission[];

/** What people change an installation with; refused where TWOLANE_READ_ONLY is set. Jobs are taken and run as ever. */
export const steering: readonly Permission[] = [
  'jobs:operate',
  'queues:operate',
  'schedules:write',
  'alerts:operate',
  'alerts:write',
  'keys:write',
  'operators:write',
];

/** Those that routes for API keys ask for. */
export const keyScopes = permissionNames.filter((name) => !/^(pages|alerts|audit|keys|operators):/.test(name));

const viewer: readonly Permission[] = [
  'pages:open',
  'jobs:read',
  'queues:read',
  'schedules:read',
  'media:read',
  'metrics:read',
  'alerts:read',
  'audit:read',
];

/** What an operator may do by role. */
export const roles = {
  viewer,
  operator: [...viewer, 'jobs:operate', 'queues:operate', 'schedules:write', 'alerts:operate'],
  admin: permissionNames,
} as const satisfies Record<string, readonly Permission[]>;

export type Role = keyof typeof roles;

export const roleNames = Object.keys(roles) as readonly Role[];
