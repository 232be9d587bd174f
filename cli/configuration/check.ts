import { messageOf, StartupError } from '../../platform/errors/index.ts'
import { portalIssuerFrom } from '../portal-issuer.ts'
import { type Commands, knownVariables, type Setting, settingsOf } from './variables.ts'

/** What is wrong with one setting. */
export interface ConfigurationFault {
  variable: string
  /** What is wrong and what it should be, in one sentence. */
  fault: string
}

type Environment = Readonly<Record<string, string | undefined>>

/** Commands of processes that run on: their configuration is checked as a whole before they start. */
const checked = ['serve', 'gateway', 'fsp']

/**
 * Every fault of what the environment gives to a command, so that somebody who mends it does so once, and variables that nobody reads: they
 * are misspelt, or another program's.
 */
export async function configurationFaults(
  command: string,
  env: Environment,
  commands: Commands,
): Promise<ConfigurationFault[]> {
  const wrong = await wrongSettings({ command, commands }, env)
  const known = await knownVariables(commands)
  const strange = Object.keys(env)
    .filter((name) => name.startsWith('RINGMAIN_') && !name.startsWith('RINGMAIN_TEST_') && !known.has(name))
    .map((variable) => ({ variable, fault: `No command reads it.${alike(variable, known)}` }))
  return [...wrong, ...strange]
}

/** Throws a `StartupError` with every fault if the environment gives a process what it cannot use. */
export async function requireConfiguration(
  args: readonly string[],
  env: Environment,
  commands: Commands,
): Promise<void> {
  const [command = ''] = args
  if (!checked.includes(command) || args.some((arg) => arg === '--help' || arg === '-h')) return
  const given = new Set(args.filter((arg) => arg.startsWith('--')).map((arg) => arg.split('=')[0] ?? arg))
  const faults = await wrongSettings({ command, commands }, env, given)
  if (faults.length > 0) throw new StartupError(faults.map(({ variable, fault }) => `${variable}: ${fault}`).join('\n'))
}

/** @param given flags that are given on the command line, which replace their variables. */
async function wrongSettings(
  { command, commands }: { command: string; commands: Commands },
  env: Environment,
  given: ReadonlySet<string> = new Set(),
): Promise<ConfigurationFault[]> {
  const faults = (await settingsOf(command, commands)).flatMap((setting) => faultOf(setting, env, given))
  return command === 'serve' ? [...faults, ...issuerFaults(env)] : faults
}

/** What `serve` would say of the issuer that people log in with. */
function issuerFaults(env: Environment): ConfigurationFault[] {
  try {
    portalIssuerFrom(env)
    return []
  } catch (error) {
    const [variable = '', ...fault] = messageOf(error).split(' ')
    return [{ variable, fault: `It ${fault.join(' ')}` }]
  }
}

function faultOf(setting: Setting, env: Environment, given: ReadonlySet<string>): ConfigurationFault[] {
  const { variable, flag, parse } = setting
  const text = variable === null ? undefined : env[variable]
  if (variable === null || text === undefined || (flag !== null && given.has(flag))) return []
  if (text === '' && flag !== null) return [{ variable, fault: 'It is empty: remove it, or give it a value.' }]
  try {
    parse(text)
    return []
  } catch (error) {
    return [{ variable, fault: messageOf(error) }]
  }
}

/** The known name that differs least, if it differs by little. */
function alike(name: string, known: ReadonlySet<string>): string {
  const [nearest] = [...known]
    .map((each) => ({ each, apart: distance(name, each) }))
    .filter(({ apart }) => apart <= 3)
    .sort((a, b) => a.apart - b.apart)
  return nearest ? ` Did you mean ${nearest.each}?` : ''
}

/** Levenshtein's distance: letters to add, take away or replace. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[b.length] ?? 0
}
