import {describe, expect, test} from '@jest/globals';
import {decideStart, writeMetadata, type Found} from './start.ts';

const found = (more: Partial<Found>): Found => ({
  committed: {offset: 50, metadata: 'e1'},
  low: 0,
  high: 100,
  watermark: 50,
  epoch: 'e1',
  gone: false,
  ...more,
});

const reads = {catchUp: false, newIncarnation: false};
const catchesUp = {catchUp: true, newIncarnation: false};
const again = {catchUp: true, newIncarnation: true};

describe('where reading starts', () => {
  test.each([
    ['where it was committed', {}, {at: 50, because: 'committed', ...reads}],
    ['the store is ahead of the commit', {watermark: 70}, {at: 50, because: 'committed', ...reads}],
    ['nothing is new', {high: 50}, {at: 50, because: 'committed', ...reads}],
    [
      'nothing is committed',
      {committed: undefined, watermark: undefined, low: 7},
      {at: 7, because: 'new', ...catchesUp},
    ],
    ['the group forgot, the store did not', {committed: undefined}, {at: 0, because: 'forgotten', ...again}],
    [
      'KafkaJS has put its own default there',
      {committed: {offset: -2, metadata: ''}, low: 7},
      {at: 50, because: 'defaulted', ...catchesUp},
    ],
    [
      'its default, and nothing was ever settled',
      {committed: {offset: -2, metadata: ''}, watermark: undefined, low: 7},
      {at: 7, because: 'new', ...catchesUp},
    ],
    ['set by hand', {committed: {offset: 80, metadata: ''}}, {at: 80, because: 'byHand', ...catchesUp}],
    ['another store', {epoch: 'e2', watermark: undefined}, {at: 0, because: 'wiped', ...catchesUp}],
    ['an older store', {watermark: 30}, {at: 30, because: 'restored', ...catchesUp}],
    ['a store without this partition', {watermark: undefined}, {at: 0, because: 'restored', ...catchesUp}],
    ['ends before the commit', {high: 49}, {at: 0, because: 'recreated', ...again}],
    ['ends before what was settled', {watermark: 101}, {at: 0, because: 'recreated', ...again}],
    ['the topic was gone', {gone: true}, {at: 0, because: 'recreated', ...again}],
  ] as const)('%s', (_name, more, start) => {
    expect(decideStart(found(more))).toEqual(start);
  });

  test('what retention has deleted is named', () => {
    expect(decideStart(found({low: 60}))).toMatchObject({
      at: 60,
      because: 'committed',
      lost: {from: 50, to: 60},
    });
    expect(decideStart(found({committed: {offset: -1, metadata: ''}, low: 60}))).toMatchObject({
      ...{at: 60, because: 'defaulted', lost: {from: 50, to: 60}},
    });
    expect(decideStart(found({low: 40, watermark: 30}))).toMatchObject({at: 40, lost: {from: 30, to: 40}});
  });

  test('a catch-up that was interrupted goes on, and one that was finished does not', () => {
    const metadata = writeMetadata('e1', 50, 90);
    expect(decideStart(found({committed: {offset: 50, metadata}}))).toMatchObject({at: 50, catchUp: true});
    const finished = writeMetadata('e1', 90, 90);
    expect(finished).toBe('e1');
    const committed = {offset: 90, metadata: finished};
    expect(decideStart(found({committed, watermark: 90}))).toMatchObject({at: 90, catchUp: false});
  });
});
