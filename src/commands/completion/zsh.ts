import type {Completes} from '../command.ts';
import type {Place, valuesOf, Word} from './words.ts';

/** Completion for zsh, with what each word does. */
export function zshScript(places: readonly Place[], values: ReturnType<typeof valuesOf>): string {
  const steps = places.flatMap(({path, commands}) =>
    commands.map(({word}) => `      ${quoted(`${path} ${word}`)}) at=${quoted(`${path} ${word}`.trim())} ;;`),
  );
  return `#compdef avro-scim
# Completion of avro-scim for zsh: avro-scim completion zsh > a folder of $fpath/_avro-scim
_avro_scim_targets() {
  local -a names
  names=("\${(@f)$("\${words[1]}" completion targets "\${config[@]}" 2>/dev/null)}")
  compadd -a names
}
_avro_scim() {
  local at='' i
  local -a config commands options
  for ((i = 2; i < CURRENT; i++)); do
    case "\${words[i]}" in
      --config) config=(--config "\${words[i + 1]}") ;;
      --config=*) config=("\${words[i]}") ;;
    esac
    case "$at \${words[i]}" in
${steps.join('\n')}
    esac
  done
  case "\${words[CURRENT - 1]}" in
${values.map(({option, completes}) => `    ${option})\n      ${valueOf(completes)}\n      return ;;`).join('\n')}
  esac
  case "$at" in
${places.map(placeOf).join('\n')}
  esac
}
if [[ "\${zsh_eval_context[-1]}" == loadautofunc ]]; then _avro_scim "$@"; else compdef _avro_scim avro-scim; fi`;
}

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** A colon ends the word. */
const described = ({word, describe}: Word): string => quoted(`${word.replaceAll(':', '\\:')}:${describe}`);

function placeOf({path, commands, options, completes}: Place): string {
  const list = (words: readonly Word[]): string =>
    `(\n${words.map((one) => `        ${described(one)}`).join('\n')}\n      )`;
  return [
    `    ${quoted(path)})`,
    ...(commands.length > 0
      ? [`      commands=${list(commands)}`, "      _describe 'command' commands"]
      : []),
    `      options=${list(options)}`,
    "      _describe -o 'option' options",
    ...(completes ? [`      ${valueOf(completes)}`] : []),
    '      ;;',
  ].join('\n');
}

function valueOf(completes: Completes): string {
  if (completes === 'targets') return '_avro_scim_targets';
  if (completes === 'files') return '_files';
  return completes.length > 0 ? `compadd -- ${completes.map(quoted).join(' ')}` : "_message 'a value'";
}
