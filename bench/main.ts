import { readdirSync } from 'node:fs'

/**
 * `npm run -s bench -- NAME [--json] [options]`: runs one benchmark. Each file here exports `run(options)` and resolves to one object:
 * figures, and a `ratio` to a limit or a peer that was measured in the same run.
 */
const [name, ...rest] = process.argv.slice(2)
const names = readdirSync(new URL('.', import.meta.url))
  .filter((file) => file.endsWith('.ts') && file !== 'main.ts')
  .map((file) => file.slice(0, -3))

if (!name || !names.includes(name)) {
  console.error(`usage: npm run -s bench -- NAME [--json], with NAME one of ${names.join(', ')}`)
  process.exit(2)
}

/** `--hubs 100` as `{ hubs: '100' }`, `--json` as `{ json: 'true' }`. */
function optionsOf(args: string[]): Record<string, string> {
  const options: Record<string, string> = {}
  for (const [i, arg] of args.entries()) {
    if (!arg.startsWith('--')) continue
    const next = args[i + 1]
    options[arg.slice(2)] = next === undefined || next.startsWith('--') ? 'true' : next
  }
  return options
}

const options = optionsOf(rest)
const { run } = (await import(`./${name}.ts`)) as {
  run(options: Record<string, string>): Promise<Record<string, unknown>>
}
const result = await run(options)
if (options['json']) process.stdout.write(`${JSON.stringify(result)}\n`)
else for (const [key, value] of Object.entries(result)) console.log(`${key}: ${JSON.stringify(value)}`)
process.exit(0)
