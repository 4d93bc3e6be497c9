/** `twolane completion`: what makes a shell complete commands and options. The scripts ask `twolane complete`. */
import { Argument } from 'commander';
import type { AddCommand } from '../commands.ts';
import { candidates } from '../completing.ts';

const bash = `_twolane() {
  mapfile -t COMPREPLY < <("\${COMP_WORDS[0]}" complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -o default -F _twolane twolane
`;

const zsh = `#compdef twolane
_twolane() {
  local -a found
  found=("\${(@f)$("\${words[1]}" complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  [[ -n "$found[1]" ]] && compadd -a found || _files
}
compdef _twolane twolane
`;

const fish = `function __twolane
  set -l words (commandline -opc) (commandline -ct)
  set -l found ($words[1] complete -- $words[2..-1] 2>/dev/null)
  set -q found[1]; and printf '%s\\n' $found; or __fish_complete_path (commandline -ct)
end
complete -c twolane -f -a '(__twolane)'
`;

const scripts = { bash, zsh, fish } as const;

/** What a shell's startup file says to have it. */
const hints = {
  bash: 'source <(twolane completion bash)    # in ~/.bashrc',
  zsh: 'source <(twolane completion zsh)     # in ~/.zshrc, behind compinit',
  fish: 'twolane completion fish | source     # in ~/.config/fish/config.fish',
} as const;

export const completionCommand: AddCommand = (program, terminal) => {
  program
    .command('completion')
    .description('Print what makes a shell complete commands and options')
    .addArgument(new Argument('<shell>').choices(Object.keys(scripts)))
    .addHelpText('after', `\n${Object.values(hints).join('\n')}`)
    .action((shell: keyof typeof scripts) => terminal.out(scripts[shell]));
  program
    .command('complete', { hidden: true })
    .argument('[words...]')
    .action((words: string[]) => {
      for (const word of candidates(program, words)) terminal.out(`${word}\n`);
    });
};
