import type {Completes} from '../command.ts';
import type {Place, valuesOf} from './words.ts';

/** Completion for bash 3.2 and newer; it needs no other package. */
export function bashScript(places: readonly Place[], values: ReturnType<typeof valuesOf>): string {
  const steps = places.flatMap(({path, commands}) =>
    commands.map(({word}) => `      ${quoted(`${path} ${word}`)}) at=${quoted(`${path} ${word}`.trim())} ;;`),
  );
  const offers = places.map(
    ({path, commands, options, completes}) =>
      `    ${quoted(path)})\n      ${offerOf(commands, options, completes)} ;;`,
  );
  const taken = values.map(
    ({option, completes}) => `    ${option})\n      ${valueOf(completes)}\n      return ;;`,
  );
  return [
    HEAD,
    '    case "$at ${COMP_WORDS[i]}" in',
    ...steps,
    '    esac',
    '  done',
    '  case "$before" in',
    ...taken,
    '  esac',
    '  case "$at" in',
    ...offers,
    '  esac',
    '}',
    'complete -F _avro_scim avro-scim',
  ].join('\n');
}

/** Words are offered line by line, not by `compgen -W`, which would expand what stands in a name. */
const HEAD = `# Completion of avro-scim for bash: eval "$(avro-scim completion bash)"
_avro_scim_offer() {
  local word
  while IFS= read -r word; do
    case "$word" in '') ;; "$cur"*) COMPREPLY+=("$word") ;; esac
  done
}
_avro_scim_targets() {
  if [ -n "$config" ]; then
    "\${COMP_WORDS[0]}" completion targets --config "$config" 2>/dev/null
  else
    "\${COMP_WORDS[0]}" completion targets 2>/dev/null
  fi
}
_avro_scim() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD - 1]}" at='' config='' i
  COMPREPLY=()
  # bash takes --option=value apart.
  if [ "$cur" = '=' ]; then cur=''; elif [ "$before" = '=' ]; then before="\${COMP_WORDS[COMP_CWORD - 2]}"; fi
  for ((i = 1; i < COMP_CWORD; i++)); do
    if [ "\${COMP_WORDS[i]}" = '--config' ]; then
      config="\${COMP_WORDS[i + 1]}"
      [ "$config" = '=' ] && config="\${COMP_WORDS[i + 2]}"
    fi`;

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

const wordsOf = (words: readonly string[]): string =>
  `_avro_scim_offer < <(printf '%s\\n' ${words.map(quoted).join(' ')})`;

function offerOf(commands: Place['commands'], options: Place['options'], completes?: Completes): string {
  const words = [...commands, ...options].map(({word}) => word);
  return completes && completes.length > 0
    ? `${wordsOf(words)}\n      ${valueOf(completes)}`
    : wordsOf(words);
}

function valueOf(completes: Completes): string {
  if (completes === 'targets') return '_avro_scim_offer < <(_avro_scim_targets)';
  if (completes === 'files')
    return `compopt -o filenames 2>/dev/null; _avro_scim_offer < <(compgen -f -- "$cur")`;
  return completes.length > 0 ? wordsOf(completes) : ': # free text';
}
