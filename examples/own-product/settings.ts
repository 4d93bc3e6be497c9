/** What this app reads from the environment. Twolane reads nothing of it by itself. */
function needed(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set; README.md says which settings there are`);
  return value;
}

const port = Number(process.env.PORT ?? 4000);

export const settings = {
  port,
  origin: `http://127.0.0.1:${port}`,
  databaseUrl: needed('DATABASE_URL'),
  redisUrl: needed('REDIS_URL'),
  amqpUrl: needed('AMQP_URL'),
  /** 32 characters or more. With it this app calls the API that it mounts itself, as any other program would. */
  apiKey: needed('TWOLANE_API_KEY'),
  /** Who may see the operator pages, in this small app: whoever knows the word. */
  operatorPassword: needed('OPERATOR_PASSWORD'),
  filesFolder: process.env.FILES_FOLDER ?? 'data/files',
  photosFolder: process.env.PHOTOS_FOLDER ?? 'data/photos',
};
