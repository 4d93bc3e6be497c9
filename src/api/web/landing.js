/** The landing page: takes files and shows what becomes of them. */
import { follow, forgetToken, savedToken, upload, useKey, welcome } from './upload.js';

const at = (id) => document.getElementById(id);
const zone = at('zone');
const hint = at('hint');

/** Shows the chooser to those with a token, the question for a key to the others. */
function refresh() {
  const ready = savedToken() !== null;
  at('ready').hidden = !ready;
  at('key-form').hidden = ready;
}

function say(text, bad = false) {
  hint.textContent = text;
  hint.classList.toggle('bad', bad);
}

function take(files) {
  if (savedToken() === null) return say('First a link or an API key, then the files.', true);
  for (const file of files) void show(file);
}

async function show(file) {
  const card = cardFor(file);
  try {
    const made = await upload(file, (part) => card.progress('uploading', part * 100));
    card.accepted(made);
    await follow(made, card.news);
  } catch (error) {
    card.failed(error.message);
    if (error.status === 401) {
      forgetToken();
      refresh();
    }
  }
}

/** One card of the list, with the few ways in which it changes. */
function cardFor(file) {
  const card = at('upload').content.firstElementChild.cloneNode(true);
  const part = (selector) => card.querySelector(selector);
  part('h2').textContent = file.name;
  at('uploads').prepend(card);
  const state = (text, note = '') => {
    part('.state').textContent = text;
    part('.state').className = `state ${text}`;
    part('.note').textContent = note;
  };
  const progress = (text, percent, note) => {
    state(text, note);
    part('progress').value = percent;
  };
  const failed = (message) => {
    state('failed', message);
    part('.state').classList.add('bad');
    part('progress').hidden = true;
  };
  return {
    progress,
    failed,
    accepted({ jobId }) {
      const link = part('a.end');
      link.hidden = false;
      link.href = `ops/jobs/${jobId}`;
      link.textContent = `job ${jobId}`;
      progress('accepted', 0);
    },
    news({ media, job }) {
      progress(job.state, job.progress?.percent ?? 0, job.progress?.note ?? '');
      if (media.state === 'processing') return;
      part('progress').hidden = true;
      if (media.state === 'failed') return failed(media.error?.message ?? 'It could not be processed.');
      state('succeeded');
      part('.facts').hidden = false;
      part('.facts').textContent = factsOf(media);
      part('.pictures').hidden = false;
      part('.pictures').replaceChildren(...picturesOf(media));
    },
  };
}

function factsOf({ original: { contentType, bytes, width, height }, renditions, video }) {
  const size = width ? `, ${width} × ${height}` : '';
  const length = video ? `, ${(video.durationMs / 1000).toFixed(1)} s` : '';
  const made = renditions.length ? `; ${renditions.length} renditions, ${sized(sum(renditions))} together` : '';
  return `${contentType}, ${sized(bytes)}${size}${length}${made}`;
}

/** One figure per width, in the smaller format, with links to all formats; squares and looks are left out. */
function picturesOf({ renditions: all, video }) {
  const renditions = all.filter(({ crop, filter, frames }) => !crop && !filter && !frames);
  const widths = [...new Set(renditions.map(({ width }) => width))].sort((one, other) => one - other);
  const figures = widths.map((width) => figure(renditions.filter((each) => each.width === width)));
  return video ? [player(video), ...figures] : figures;
}

function figure(formats) {
  const [first] = [...formats].sort((one, other) => one.bytes - other.bytes);
  const image = Object.assign(new Image(), { src: first.url, alt: `${first.width} pixels wide` });
  image.width = Math.min(first.width, 60 + first.width / 8);
  const caption = document.createElement('figcaption');
  caption.append(Object.assign(document.createElement('b'), { textContent: `${first.width} px` }));
  for (const each of formats) caption.append(link(each.url, `${each.format} ${sized(each.bytes)}`), ' ');
  const made = document.createElement('figure');
  made.append(image, caption);
  return made;
}

/** Browsers without HLS show the poster and the link. */
function player({ hls, poster }) {
  const made = Object.assign(document.createElement('figure'), { className: 'video' });
  const video = Object.assign(document.createElement('video'), { controls: true, poster, src: hls, width: 360 });
  const caption = document.createElement('figcaption');
  caption.append(link(hls, 'HLS playlist'), ' ', link(poster, 'poster'));
  if (video.canPlayType('application/vnd.apple.mpegurl')) made.append(video);
  else made.append(Object.assign(new Image(), { src: poster, alt: 'Poster', width: 360 }));
  made.append(caption);
  return made;
}

function link(href, text) {
  return Object.assign(document.createElement('a'), { href, textContent: text });
}

function sum(renditions) {
  return renditions.reduce((total, { bytes }) => total + bytes, 0);
}

function sized(bytes) {
  return bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1e3))} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

at('choose').addEventListener('click', () => at('files').click());
at('files').addEventListener('change', ({ target }) => {
  take(target.files);
  target.value = '';
});
at('key-form').addEventListener('submit', async (event) => {
  event.preventDefault();
  try {
    await useKey(at('key').value);
    at('key').value = '';
    say('Good. Now a photo or a video.');
  } catch (error) {
    say(error.message, true);
  }
  refresh();
});
for (const name of ['dragover', 'dragleave', 'drop'])
  document.addEventListener(name, (event) => {
    event.preventDefault();
    zone.classList.toggle('over', name === 'dragover');
    if (name === 'drop') take(event.dataTransfer.files);
  });

await welcome().catch((error) => say(error.message, true));
refresh();
