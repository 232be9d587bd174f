import { type Command, InvalidArgumentError, type Option } from 'commander'
import { keysIn } from '../../platform/secrets/index.ts'
import { tracingSettings } from '../tracing.ts'

/** Commands by name, each loaded when it is asked for. */
export type Commands = Readonly<Record<string, () => Promise<Command>>>

/** A setting of a command: by flag, by environment variable, or by both. */
export interface Setting {
  /** `null`: it can be given as a flag alone. */
  variable: string | null
  /** `null`: it can be given by the variable alone. */
  flag: string | null
  what: string
  fallback: string | null
  /** Whether its value is never shown. */
  isSecret: boolean
  /** Throws an `InvalidArgumentError` if the value cannot be. */
  parse(text: string): unknown
}

/** What a variable without a flag is: secrets and addresses with passwords, which a list of processes would show as flags. */
interface Further extends Omit<Setting, 'variable' | 'flag' | 'fallback'> {
  commands: readonly string[]
}

const processes = ['serve', 'fsp', 'gateway', 'start'] as const
const rotations = ['rotate-sealing-key', 'rotate-signing-key'] as const
const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']

const further: Readonly<Record<string, Further>> = {
  DATABASE_URL: {
    commands: ['serve', 'fsp', 'start', 'day', 'settle', 'verify-audit', 'distribute', ...rotations],
    what: 'PostgreSQL of the server; without it an embedded one runs in the data folder',
    isSecret: true,
    parse: parseDatabaseUrl,
  },
  RINGMAIN_OWNER_DATABASE_URL: {
    commands: ['serve'],
    what: 'the same database by the user that owns it',
    isSecret: true,
    parse: parseDatabaseUrl,
  },
  RINGMAIN_REPLICA_URL: {
    commands: ['serve'],
    what: 'a streaming replica of it, which reports are read from',
    isSecret: true,
    parse: parseDatabaseUrl,
  },
  RINGMAIN_FSP_DATABASE_URL: {
    commands: ['fsp', 'start', ...rotations],
    what: 'PostgreSQL of the FSP',
    isSecret: true,
    parse: parseDatabaseUrl,
  },
  RINGMAIN_HOMES_DATABASE_URL: {
    commands: ['start', ...rotations],
    what: 'PostgreSQL of the FSP of homes',
    isSecret: true,
    parse: parseDatabaseUrl,
  },
  RINGMAIN_SECRET_KEY: {
    commands: ['serve', 'fsp', 'start', 'rotate-signing-key'],
    what: 'keys that seal stored secrets, 64 hexadecimal digits each, the newest first, separated by commas',
    isSecret: true,
    parse: (text) => keysIn(text, 'It'),
  },
  RINGMAIN_ADMIN_PASSWORD: {
    commands: ['serve'],
    what: 'password of the first account, admin, where there is none',
    isSecret: true,
    parse: plain,
  },
  RINGMAIN_FSP_ADMIN_PASSWORD: {
    commands: ['fsp'],
    what: 'password of the FSP’s first account, admin, where there is none',
    isSecret: true,
    parse: plain,
  },
  RINGMAIN_SMTP_URL: {
    commands: ['serve', 'fsp', 'start'],
    what: 'mail server, such as smtps://USER:PASSWORD@mail.example',
    isSecret: true,
    parse: parseMailUrl,
  },
  RINGMAIN_MAIL_FROM: { commands: ['serve', 'fsp', 'start'], what: 'sender of mails', isSecret: false, parse: plain },
  RINGMAIN_REPORT_TO: {
    commands: ['serve', 'start'],
    what: 'mail addresses that get the report of the day before at 07:00, separated by commas',
    isSecret: false,
    parse: plain,
  },
  RINGMAIN_LANGUAGE: {
    commands: ['fsp', 'start'],
    what: 'language that the pages of people are built in, such as cy; English without it',
    isSecret: false,
    parse: parseLanguage,
  },
  RINGMAIN_LOG_LEVEL: {
    commands: processes,
    what: `least level that is logged: ${logLevels.join(', ')}`,
    isSecret: false,
    parse: parseLogLevel,
  },
  RINGMAIN_CLIENT_SECRET: { commands: ['fsp-check'], what: 'secret of the DNO’s client', isSecret: true, parse: plain },
  // `portalIssuerFrom` judges these together.
  RINGMAIN_OIDC_ISSUER: {
    commands: ['serve'],
    what: 'OpenID issuer that people log in with',
    isSecret: false,
    parse: plain,
  },
  RINGMAIN_OIDC_CLIENT_ID: { commands: ['serve'], what: 'the portal’s client there', isSecret: false, parse: plain },
  RINGMAIN_OIDC_CLIENT_SECRET: { commands: ['serve'], what: 'its secret', isSecret: true, parse: plain },
  RINGMAIN_OIDC_SCOPE: { commands: ['serve'], what: 'scope that is asked for', isSecret: false, parse: plain },
  RINGMAIN_OIDC_ROLES_CLAIM: { commands: ['serve'], what: 'claim that holds roles', isSecret: false, parse: plain },
  RINGMAIN_OIDC_ROLES: { commands: ['serve'], what: 'groups to roles, as JSON', isSecret: false, parse: plain },
  RINGMAIN_OIDC_FSP_CLAIM: { commands: ['serve'], what: 'claim with a person’s FSP', isSecret: false, parse: plain },
  RINGMAIN_OIDC_ACR: {
    commands: ['serve'],
    what: 'authentication class that is asked for',
    isSecret: false,
    parse: plain,
  },
  RINGMAIN_OIDC_SESSION_MINUTES: {
    commands: ['serve'],
    what: 'minutes until the issuer is asked again',
    isSecret: false,
    parse: plain,
  },
  ...tracingVariables(),
}

/** Those of tracing; the demo plays several processes, each of which keeps its own name. */
function tracingVariables(): Record<string, Further> {
  const alone = [...processes.filter((name) => name !== 'start'), 'simulate']
  return Object.fromEntries(
    Object.entries(tracingSettings).map(([name, setting]) => [
      name,
      { ...setting, commands: name === 'OTEL_SERVICE_NAME' ? alone : [...alone, 'start'] },
    ]),
  )
}

/** Everything that a command can be given, in the order of its help, then what only a variable gives. */
export async function settingsOf(name: string, commands: Commands): Promise<Setting[]> {
  const load = commands[name]
  if (!load) return []
  const command: Command = await load()
  const own = command.options.map((option) => settingOf(option))
  const rest = Object.entries(further).filter(([, each]) => each.commands.includes(name))
  return [...own, ...rest.map(([variable, each]) => ({ ...each, variable, flag: null, fallback: null }))]
}

/** Every variable that any command reads. */
export async function knownVariables(commands: Commands): Promise<Set<string>> {
  const all = await Promise.all(Object.keys(commands).map((name) => settingsOf(name, commands)))
  return new Set([...all.flat().flatMap(({ variable }) => variable ?? []), ...Object.keys(further)])
}

function settingOf(option: Option): Setting {
  const { long, short, envVar, description, argChoices, parseArg } = option
  const fallback: unknown = option.defaultValue
  return {
    variable: envVar ?? null,
    flag: long ?? short ?? null,
    what: description,
    fallback: fallback === undefined ? null : String(fallback),
    isSecret: /secret|key|password/.test(long ?? '') && !/tls-key|-file/.test(long ?? ''),
    parse: (text) => {
      if (argChoices && !argChoices.includes(text))
        throw new InvalidArgumentError(`It must be one of ${argChoices.join(', ')}.`)
      return option.isBoolean() ? text : (parseArg?.(text, undefined) ?? text)
    },
  }
}

function plain(text: string): string {
  return text
}

function parseDatabaseUrl(text: string): string {
  // Empty, it counts as not given.
  if (text === '') return text
  if (!URL.canParse(text) || !/^postgres(ql)?:$/.test(new URL(text).protocol))
    throw new InvalidArgumentError('It must be an address such as postgres://USER:PASSWORD@HOST:5432/DATABASE.')
  return text
}

function parseMailUrl(text: string): string {
  if (text === '') return text
  if (!URL.canParse(text) || !/^smtps?:$/.test(new URL(text).protocol))
    throw new InvalidArgumentError('It must be an address such as smtps://USER:PASSWORD@mail.example.')
  return text
}

function parseLanguage(text: string): string {
  // Empty, it counts as not given.
  if (!/^([a-z]{2,3}(-[a-z0-9]{2,8})*)?$/i.test(text))
    throw new InvalidArgumentError('It must be the tag of a language, such as cy.')
  return text
}

function parseLogLevel(text: string): string {
  if (!logLevels.includes(text)) throw new InvalidArgumentError(`It must be one of ${logLevels.join(', ')}.`)
  return text
}
