import { LocalDate } from '@js-joda/core'
import type { NewDemandTender } from '../../../../schemas/market/tenders.ts'
import type { TenderWindow } from '../../../../schemas/market/windows.ts'
import type { DemandRequirement } from '../../../../schemas/planning/demand-runs.ts'
import { brokenField, type Refusal } from '../../../../schemas/vocabulary/outcome.ts'
import { ratingSeasonOf } from '../../../grid/index.ts'

/** Days of the longer season, April to October: service over more of them is in two seasons. */
const longestSeasonDays = 214

/** The windows that a node needs in a season. */
export function demandWindows({ seasons }: DemandRequirement, season: NewDemandTender['season']): TenderWindow[] {
  return seasons.find((each) => each.season === season)?.windows ?? []
}

/** Why the days of service do not fit the season and year whose demand is asked for; `null` if they do. */
export function serviceFault({
  season,
  year,
  ...given
}: Pick<NewDemandTender, 'season' | 'year' | 'validFrom' | 'validTo'>): Refusal | null {
  const [first, last] = [LocalDate.parse(given.validFrom), LocalDate.parse(given.validTo)]
  if (first.year() !== year && last.year() !== year)
    return brokenField('year', `must be that of the first or of the last day of service, not ${year}`)
  for (let day = first, n = 1; !day.isAfter(last); day = day.plusDays(1), n++)
    if (n > longestSeasonDays || ratingSeasonOf(day.toString().slice(5)) !== season)
      return brokenField(
        day.equals(first) ? 'validFrom' : 'validTo',
        `must be in ${season}, whose windows are asked for: ${day} is not; draft a tender for each season`,
      )
  return null
}

/** Why a tender cannot follow from a run; `null` if it can. */
export function demandFault(
  run: { title: string; isSynthetic: boolean },
  given: Pick<NewDemandTender, 'nodeId' | 'year' | 'season' | 'allowSynthetic'> & { windows: readonly TenderWindow[] },
): Refusal | null {
  if (run.isSynthetic && !given.allowSynthetic)
    return {
      kind: 'conflict',
      detail: `The run ${run.title} rests on data that were made up: use a run on recorded data, or set allowSynthetic for a trial or a demonstration.`,
    }
  if (given.windows.length === 0)
    return {
      kind: 'conflict',
      detail: `By the run ${run.title} the demand at ${given.nodeId} stays within the headroom in ${given.season} ${given.year}: there is nothing to ask for.`,
    }
  return null
}
