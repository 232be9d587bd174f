import { InvalidArgumentError } from 'commander'
import { messageOf, StartupError } from '../platform/errors/index.ts'
import { isPlainBeyondLoopback } from '../platform/http/index.ts'
import type { Log } from '../platform/log/index.ts'
import { openTracing, type Tracing } from '../platform/tracing/index.ts'
import { parseHttpUrl, parseWithin } from './options.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** A variable of OpenTelemetry's own specification, which a process keeps to. */
interface TracingSetting {
  readonly what: string
  readonly isSecret: boolean
  /** Throws an `InvalidArgumentError` if the value cannot be. Empty counts as not given, as the specification has it. */
  parse(text: string): unknown
}

const parseRatio = parseWithin(0, 1)

/** The variables that decide about tracing, by name; `OTEL_SERVICE_NAME` is for programs that are one process. */
export const tracingSettings = {
  OTEL_EXPORTER_OTLP_ENDPOINT: {
    what: 'OpenTelemetry collector that traces go to by OTLP over HTTP, such as http://127.0.0.1:4318; without it nothing is traced',
    isSecret: false,
    parse: unlessEmpty(parseHttpUrl),
  },
  OTEL_EXPORTER_OTLP_HEADERS: {
    what: 'headers for the collector, such as authorization=Bearer%20KEY, separated by commas',
    isSecret: true,
    parse: (text) => text,
  },
  OTEL_EXPORTER_OTLP_PROTOCOL: {
    what: 'how traces are sent: http/json, which is the only one',
    isSecret: false,
    parse: unlessEmpty(only('http/json')),
  },
  OTEL_TRACES_SAMPLER: {
    what: 'how the traces that are recorded are chosen: parentbased_traceidratio, which is the only one',
    isSecret: false,
    parse: unlessEmpty(only('parentbased_traceidratio')),
  },
  OTEL_TRACES_SAMPLER_ARG: {
    what: 'part of the traces that is recorded, 0 to 1 (default: 1)',
    isSecret: false,
    parse: unlessEmpty(parseRatio),
  },
  OTEL_SDK_DISABLED: {
    what: 'true: nothing is traced, whatever else is set',
    isSecret: false,
    parse: unlessEmpty(only('true', 'false')),
  },
  OTEL_SERVICE_NAME: {
    what: 'what traces name the process (default: ringmain-server, ringmain-gateway, ringmain-fsp or ringmain-homes)',
    isSecret: false,
    parse: (text) => text,
  },
} satisfies Record<string, TracingSetting>

type Variable = keyof typeof tracingSettings

/**
 * Begins to trace a process if the environment names a collector. That it cannot be reached, and that it can again, is logged once each.
 * Throws a `StartupError` if a variable is wrong.
 * @param name `server`, `gateway`, `fsp` or `homes`.
 * @param isAlone whether the program is this process alone, which the environment may then name.
 */
export async function tracingFrom(
  env: Environment,
  name: string,
  log: Log,
  isAlone = true,
): Promise<{ tracing?: Tracing }> {
  const endpoint = given(env, 'OTEL_EXPORTER_OTLP_ENDPOINT')
  if (endpoint === null || given(env, 'OTEL_SDK_DISABLED') === 'true') return {}
  for (const variable of Object.keys(tracingSettings) as Variable[]) given(env, variable)
  if (given(env, 'OTEL_EXPORTER_OTLP_HEADERS') !== null && isPlainBeyondLoopback(endpoint))
    throw new StartupError(
      'OTEL_EXPORTER_OTLP_HEADERS would pass in the clear: OTEL_EXPORTER_OTLP_ENDPOINT must begin with https, except on this machine.',
    )
  const tracing = await openTracing({
    endpoint,
    serviceName: (isAlone ? given(env, 'OTEL_SERVICE_NAME') : null) ?? `ringmain-${name}`,
    ratio: Number(given(env, 'OTEL_TRACES_SAMPLER_ARG') ?? 1),
    onDelivery(fault) {
      if (fault === null) log.info('the collector takes traces again')
      else log.warn({ fault }, 'the collector does not take traces: they are lost until it does, and nothing else is')
    },
  })
  return { tracing }
}

function given(env: Environment, variable: Variable): string | null {
  const text = env[variable] ?? ''
  try {
    tracingSettings[variable].parse(text)
  } catch (error) {
    throw new StartupError(`${variable}: ${messageOf(error)}`)
  }
  return text === '' ? null : text
}

function unlessEmpty(parse: (text: string) => unknown): (text: string) => unknown {
  return (text) => (text === '' ? text : parse(text))
}

function only(...values: string[]): (text: string) => string {
  return (text) => {
    if (!values.includes(text)) throw new InvalidArgumentError(`It must be ${values.join(' or ')}.`)
    return text
  }
}
