import { readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { depotAlarmKinds } from '../fsp/index.ts'
import { alarmKinds } from '../server/grid/alarms/kinds.ts'

/** The part of the runbook that says what the alarms' own guides say: made from them, so that neither grows old beside the other. */
export const runbookFile = fileURLToPath(new URL('../docs/runbook.md', import.meta.url))

/** Everything after this line is made. */
export const madeFrom = '<!-- Made by `npm run runbook` from the guides of the alarms. -->'

/** The made part. */
export function alarmSections(): string {
  const server = Object.entries(alarmKinds).map(
    ([kind, { priority, cause, consequence, action }]) =>
      `### ${kind}\n\n${capital(priority)} priority unless configured otherwise.\n\n- **Cause.** ${cause}\n- **If nobody acts.** ${consequence}\n- **Do.** ${action}\n`,
  )
  const depots = Object.entries(depotAlarmKinds).map(
    ([kind, { consequence, action }]) =>
      `### depot: ${kind}\n\n- **If nobody acts.** ${consequence}\n- **Do.** ${action}\n`,
  )
  return [
    '\n## Alarms of the DNO’s server\n',
    ...server,
    '## Alarms of depots, at the FSP\n',
    'Each depot states who answers for a kind, and from when on it is amber or red.\n',
    ...depots,
  ].join('\n')
}

/** The runbook with its made part as it should be. */
export function withAlarms(text: string): string {
  const [byHand] = text.split(madeFrom)
  return `${byHand}${madeFrom}\n${alarmSections()}`
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1)
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  await writeFile(runbookFile, withAlarms(await readFile(runbookFile, 'utf8')))
