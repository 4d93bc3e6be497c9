/** What the groups of calls are about, for readers of the OpenAPI document. A group of an app's own routes is its name alone. */
export const tagDescriptions: Readonly<Record<string, string>> = {
  jobs: 'Enqueue jobs, find them, follow them, change them one by one.',
  operations: 'Change many jobs together: counted first, in stages, abortable.',
  queues: 'How the queues of both lanes stand, and what is paused.',
  schedules: 'Jobs that come again by the clock.',
  Media: 'Photos and videos: uploads, renditions, and files that can not be processed.',
  webhooks: 'Tell URLs of yours what happens.',
  users: 'Users of the product: accounts, sessions, who follows and blocks whom.',
  posts: 'Posts with their likes and comments.',
  feed: 'What those whom a user follows have posted.',
  notifications: 'What a user is told, where, and why.',
  direct: 'Messages between users.',
  abuse: 'What the velocity rules have looked at or blocked.',
  trending: 'Hashtags of the hour.',
  tokens: 'Short-lived tokens for browsers.',
  system: 'Whether the process lives and is ready, and its metrics.',
};
