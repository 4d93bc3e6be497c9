/** Small things that several parts show. */
import type { MediaView } from '../../../../../contract/media.ts';

/** A person's first letter on a colour of his own. */
export function Face({ name }: { name: string }) {
  const hue = [...name].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 8, 7);
  return (
    <span class={`face hue${hue}`} aria-hidden="true">
      {name.slice(0, 1).toUpperCase()}
    </span>
  );
}

/** How long ago, in a word. */
export function Ago({ at }: { at: string }) {
  const seconds = Math.max(0, (Date.now() - Date.parse(at)) / 1_000);
  const [number, unit] =
    seconds < 60
      ? [0, '']
      : seconds < 3_600
        ? [seconds / 60, 'min']
        : seconds < 86_400
          ? [seconds / 3_600, 'h']
          : [seconds / 86_400, 'd'];
  return <time dateTime={at}>{unit === '' ? 'just now' : `${Math.floor(number)} ${unit}`}</time>;
}

/** The picture of a photo in about this many pixels, or the player of a video. */
export function Media({ media, alt, wide }: { media: MediaView; alt: string; wide: number }) {
  const { width, height } = media.original;
  const size = width && height ? { width: wide, height: Math.round((wide * height) / width) } : {};
  if (media.video?.mp4)
    return <video controls preload="none" poster={media.video.poster} src={media.video.mp4} {...size} />;
  const whole = media.renditions.filter(({ crop, filter, frames }) => !crop && !filter && !frames);
  const [best] = whole.sort((one, other) => Math.abs(one.width - wide) - Math.abs(other.width - wide));
  const url = best?.url ?? media.video?.poster;
  return url ? <img src={url} alt={alt} loading="lazy" {...size} /> : <p class="pad soft">Still being processed</p>;
}
