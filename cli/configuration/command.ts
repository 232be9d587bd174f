import { Argument, Command } from 'commander'
import { configurationFaults } from './check.ts'
import { type Commands, type Setting, settingsOf } from './variables.ts'

/** `ringmain config`: what can be configured, what is, and what is wrong with it. */
export function configCommand(commands: Commands): Command {
  const command = new Command('config').description('what can be configured, what is, and what is wrong with it')
  const which = () =>
    new Argument('[command]', 'the command that is configured')
      .choices(Object.keys(commands).filter((name) => name !== 'config'))
      .default('serve')
  command
    .command('check')
    .description('finds every fault of what the environment gives to a command; exit code 1 if there is one')
    .addArgument(which())
    .option('--json', 'as JSON')
    .action((name: string, options: { json?: boolean }) => check(name, options, commands))
  command
    .command('explain')
    .description('every setting of a command: what it means, and where its present value comes from')
    .addArgument(which())
    .option('--json', 'as JSON')
    .action((name: string, options: { json?: boolean }) => explain(name, options, commands))
  return command
}

async function check(name: string, { json }: { json?: boolean }, commands: Commands): Promise<void> {
  const faults = await configurationFaults(name, process.env, commands)
  if (json) process.stdout.write(`${JSON.stringify({ command: name, ok: faults.length === 0, faults })}\n`)
  else if (faults.length === 0) process.stdout.write(`The environment of ${name} has no fault.\n`)
  else for (const { variable, fault } of faults) process.stdout.write(`${variable}: ${fault}\n`)
  if (faults.length > 0) process.exitCode = 1
}

interface Explained {
  variable: string | null
  flag: string | null
  what: string
  value: string | null
  from: 'environment' | 'default' | null
}

async function explain(name: string, { json }: { json?: boolean }, commands: Commands): Promise<void> {
  const explained = (await settingsOf(name, commands)).map((setting) => explainedBy(setting, process.env))
  if (json) {
    process.stdout.write(`${JSON.stringify({ command: name, settings: explained })}\n`)
    return
  }
  for (const { variable, flag, what, value, from } of explained) {
    const names = [variable, flag].filter((each) => each !== null).join(', ')
    process.stdout.write(`${names}\n    ${what}\n    ${value === null ? 'not set' : `${value} (${from})`}\n`)
  }
}

/** A setting with its present value; a secret shows only that it is set. */
export function explainedBy(setting: Setting, env: Readonly<Record<string, string | undefined>>): Explained {
  const { variable, flag, what, fallback, isSecret } = setting
  const given = variable === null ? undefined : env[variable]
  const value = given ?? fallback
  const from = given !== undefined ? 'environment' : fallback !== null ? 'default' : null
  return { variable, flag, what, value: value !== null && isSecret ? 'set, and not shown' : value, from }
}
