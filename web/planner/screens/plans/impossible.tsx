import type { ImpossibleJourney } from '../../../../schemas/planning/sites/plan.ts'
import { Notice } from '../../../shared/components/notice.tsx'
import { count, fixed } from '../../../shared/format/power.ts'
import styles from './plan-page.module.css'
import { dayNames } from './words.ts'

const reasons: Record<ImpossibleJourney['reason'], string> = {
  battery: 'the battery is too small for it',
  time: 'there is not enough time at a charge point before it',
}

/** Journeys that cannot be made as the plan is: why, how far each can go instead, and what would help. */
export function Impossible({ journeys }: { journeys: readonly ImpossibleJourney[] }) {
  if (journeys.length === 0) return <Notice>Every journey can be made.</Notice>
  return (
    <Notice tone="fault" title={`${count(journeys.length, 'journey')} cannot be made`}>
      <ul className={styles.list}>
        {journeys.map(({ group, vehicles, day, leaves, reason, possibleMiles, missingKwh, advice }) => (
          <li key={`${group} ${day} ${leaves} ${reason}`}>
            <strong>
              {group}, {dayNames[day]} {leaves}
            </strong>
            , {count(vehicles, 'vehicle')}: {reasons[reason]}. Each lacks up to {fixed(missingKwh, 1)} kWh and can go{' '}
            {fixed(possibleMiles, 1)} miles. {advice}
          </li>
        ))}
      </ul>
    </Notice>
  )
}
