import type {ChainEnd, Finding, Place, Verified} from '../../core/audit/finding.ts';

/** A place for people: `audit.jsonl line 17`, `identity.audit/3 offset 9`. */
export const placeText = ({lane, at, isByte}: Place): string =>
  isByte
    ? `${lane} byte ${at}`
    : /\/\d+$/.test(lane) && !lane.startsWith('/') && !lane.includes('.jsonl')
      ? `${lane} offset ${at}`
      : `${lane} line ${at}`;

/** Records for people: `4f2a…:17`, or `4f2a…:17 to 19`. */
function recordText({writer, sequence, until}: Finding): string {
  if (writer === undefined || sequence === undefined) return 'a record';
  return `${writer}:${sequence}${until === undefined ? '' : ` to ${until}`}`;
}

function findingText(finding: Finding): string {
  const {is, place, detail} = finding;
  return [is, recordText(finding), place && `at ${placeText(place)}`, detail && `(${detail})`]
    .filter((part) => part !== undefined && part !== '')
    .join(' ');
}

function endText({writer, last, unsigned, isClosed}: ChainEnd, isSigned: boolean): string[] {
  if (isClosed && unsigned === 0) return [];
  const open = isClosed ? '' : ' is open: its process runs, or has ended without a word';
  const after =
    unsigned > 0
      ? `; ${unsigned} record(s) up to ${last} lie after the last${isSigned ? ' signed' : ''} checkpoint`
      : '';
  return [`writer ${writer}${open}${after}`];
}

const someOf = (chains: readonly ChainEnd[]): string =>
  [...chains.slice(0, 3).map(({writer}) => writer), ...(chains.length > 3 ? ['…'] : [])].join(', ');

/** What was found, a line each, then what can not be told. */
export function linesOf(verified: Verified): string[] {
  const {findings, chains, records, duplicates, torn, unfinished, isSignatureChecked} = verified;
  const unsigned = chains.filter(({isSigned}) => !isSigned);
  return [
    ...findings.map(findingText),
    `${records} record(s) of ${chains.length} writer(s): ${findings.length === 0 ? 'nothing is wrong' : `${findings.length} wrong`}`,
    ...chains.flatMap((end) => endText(end, isSignatureChecked)),
    ...unfinished.map(
      (one) => `${recordText(one)} missing: not written when its process died, or removed since`,
    ),
    ...torn.map((place) => `${placeText(place)}: a write that did not end; no record is missing for it`),
    ...(duplicates > 0
      ? [`${duplicates} record(s) stand there twice, the same: a write was tried again`]
      : []),
    ...(unsigned.length > 0
      ? [
          `${unsigned.length} of ${chains.length} writer(s) sign nothing (${someOf(unsigned)}): whoever can write there can have made all of it`,
        ]
      : []),
    ...(isSignatureChecked ? [] : ['no public key: that nobody has made all of it anew is not checked']),
  ];
}
