import { useQuery } from '@tanstack/react-query'
import type { KeptLiveReading } from '../../../../schemas/dispatch/live-readings.ts'
import { useNow } from '../../../shared/clock.ts'
import { Measured } from '../../../shared/components/measured.tsx'
import { Loaded } from '../../../shared/components/query.tsx'
import { PanelFacts, PanelPart } from '../../../shared/components/side-panel.tsx'
import { kw, kwDigits } from '../../../shared/format/power.ts'
import { timeWithSeconds, utc } from '../../../shared/format/time.ts'
import { liveReadingsQuery } from '../../dispatch-queries.ts'
import { dersQuery } from '../../market-queries.ts'
import { latestByDer, wholeFu } from './live.ts'

/** Delivery is watched by quarter-hours: an older reading is of one that is over. */
const staleAfterMs = 15 * 60_000

/** What an FU draws by its FSP’s live readings: the whole FU and each DER as last sent, and the readings of before. */
export function LiveReadings({ fuId }: { fuId: string }) {
  const query = useQuery(liveReadingsQuery(fuId))
  return (
    <PanelPart title="Live readings of its FSP">
      <Loaded query={query}>{({ items }) => <Readings readings={items} />}</Loaded>
    </PanelPart>
  )
}

function Readings({ readings }: { readings: readonly KeptLiveReading[] }) {
  const now = useNow()
  const hasDers = readings.some(({ derId }) => derId !== null)
  const ders = useQuery({ ...dersQuery, enabled: hasDers }).data
  if (readings.length === 0) return <span className="rm-secondary">Its FSP has sent none.</span>
  const nameOf = (derId: string | null) =>
    derId === null ? 'The whole FU' : (ders?.find((der) => der.derId === derId)?.name ?? 'A DER')
  const earlier = wholeFu(readings).slice(1, 9)
  return (
    <>
      <PanelFacts
        items={latestByDer(readings).map(({ derId, at, powerW }) => [
          nameOf(derId),
          <Measured
            key={derId}
            digits={kwDigits(powerW)}
            unit="kW"
            at={at}
            quality="good"
            stale={now - Date.parse(at) > staleAfterMs}
          />,
        ])}
      />
      {earlier.length > 0 && (
        <PanelFacts
          items={earlier.map(({ at, powerW }) => [
            <time key={at} title={utc(at)}>
              {timeWithSeconds(at)}
            </time>,
            kw(powerW),
          ])}
        />
      )}
      <span className="rm-secondary">Import is positive. They are for watching delivery, never for settlement.</span>
    </>
  )
}
