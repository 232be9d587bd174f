import { type Command, InvalidArgumentError } from 'commander'
import {
  type DecodeLayer,
  decodeTrace,
  formatEntry,
  TlsIdentity,
  type TlsOptions,
} from '../../dnp3-gateway/dnp3/index.ts'
import { messageOf, StartupError } from '../../platform/errors/index.ts'
import { note } from './output.ts'

/** What `--tls` takes: three PEM files. */
export interface TlsPaths {
  readonly caFile: string
  readonly certFile: string
  readonly keyFile: string
}

/** The flags that master and outstation share. */
export interface LinkFlags {
  readonly tls?: TlsPaths
  readonly tlsPeer?: string[]
  readonly log?: DecodeLayer[]
  readonly json?: true
}

export function addLinkFlags(command: Command): Command {
  return command
    .option(
      '--tls <ca,cert,key>',
      'mutual TLS: the authority’s, the own certificate’s and the key’s PEM file',
      parseTls,
    )
    .option('--tls-peer <name>', 'accept only a peer whose certificate bears this name (repeatable)', collect)
    .option('--log <layers>', 'log what passes to standard error: link, transport, application', parseLayers)
    .option('--json', 'one JSON object a line')
}

/** A link address from a flag. */
export function parseAddress(text: string): number {
  const address = Number(text)
  if (!/^\d+$/.test(text) || address > 65_519) throw new InvalidArgumentError('It must be an address: 0 to 65519.')
  return address
}

function parseTls(text: string): TlsPaths {
  const [caFile, certFile, keyFile, ...more] = text.split(',')
  if (!caFile || !certFile || !keyFile || more.length > 0) {
    throw new InvalidArgumentError('It must be three files with commas between: authority, certificate, key.')
  }
  return { caFile, certFile, keyFile }
}

function collect(text: string, before: string[] = []): string[] {
  return [...before, text]
}

const LAYERS: readonly string[] = ['link', 'transport', 'application']

function parseLayers(text: string): DecodeLayer[] {
  const layers = text.split(',')
  if (!layers.every((layer) => LAYERS.includes(layer))) {
    throw new InvalidArgumentError('It must name layers: link, transport, application.')
  }
  return layers as DecodeLayer[]
}

/** The options of a connection that the flags ask for. */
export function linkOptions(flags: LinkFlags) {
  return {
    ...(flags.tls === undefined ? {} : { tls: tlsOptions(flags.tls, flags.tlsPeer) }),
    ...(flags.log === undefined ? {} : { trace: decodeTrace(flags.log, (entry) => note(formatEntry(entry))) }),
  }
}

function tlsOptions(paths: TlsPaths, peerNames: string[] | undefined): TlsOptions {
  try {
    return { identity: TlsIdentity.fromFiles(paths), ...(peerNames === undefined ? {} : { peerNames }) }
  } catch (error) {
    throw new StartupError(`--tls: these files cannot be used: ${messageOf(error)}`)
  }
}
