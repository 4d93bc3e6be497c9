/** The tasks that were moved: the job type of each, and the payload that its arguments become. */
export default {
  'tasks.make_thumbnail': {
    type: 'make-thumbnail',
    payload: ([photoId], { width = 640 }) => ({ photoId, width }),
  },
};
