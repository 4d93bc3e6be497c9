/** Captions and comments as people write them, with hashtags of which a few are everywhere and most are rare. */
import { type Chance, pick, zipf } from './chance.ts';

const tags = [
  ...['love', 'sunset', 'travel', 'nature', 'photooftheday', 'sea', 'mountains', 'weekend', 'goldenhour', 'hiking'],
  ...[
    'summer',
    'blue',
    'island',
    'sunrise',
    'roadtrip',
    'calm',
    'sky',
    'wanderlust',
    'homesick',
    'firstlight',
    'fjord',
  ],
  ...[
    'fogbound',
    'longwayhome',
    'saltair',
    'dunes',
    'nofilter',
    'lastlight',
    'offline',
    'blauestunde',
    '山',
    'été',
    'luz',
  ],
];
const words = [
  ...['Back here at last', 'Could stay for ever', 'Worth the early alarm', 'Not a bad office today', 'Guess where'],
  ...[
    'We almost missed this',
    'One more before dinner',
    'The light did the rest',
    'Somewhere north',
    'Day three',
    'No words',
  ],
  ...['Mum, I am fine', 'Left my heart on that ridge', 'Cold feet, warm coffee', 'First time with the new lens'],
];
const remarks = [
  ...[
    'Wow!',
    'Where is this?',
    'Take me with you',
    'That light',
    'Stunning',
    'I was there last year',
    'Love it',
    'So calm',
  ],
  ...[
    'This belongs on a wall',
    'Which lens?',
    'Saving this',
    'Beautiful',
    '🔥',
    '😍😍',
    'Send me the original please?',
  ],
];
const lines = [
  ...['Did you see the sky last night?', 'Are you coming on Saturday?', 'Sent you the pictures', 'That ridge again?'],
  ...['Coffee tomorrow?', 'Call me when you are back', 'I found the place!', 'You have to see this one', 'On my way'],
];

/** @param hot a tag that everybody uses just now */
export function caption(draw: Chance, hot?: string): string {
  const count = zipf(draw, 5);
  const used = new Set(Array.from({ length: count }, () => tags[zipf(draw, tags.length)] as string));
  if (hot !== undefined) used.add(hot);
  return [pick(draw, words), ...[...used].map((tag) => `#${tag}`)].join(' ');
}

export const remark = (draw: Chance) => pick(draw, remarks);
export const line = (draw: Chance) => pick(draw, lines);
