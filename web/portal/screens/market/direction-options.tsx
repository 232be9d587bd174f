import { directionWords } from '../../../shared/format/power.ts'

/** The two directions, as options of a select. */
export function DirectionOptions() {
  return Object.entries(directionWords).map(([way, word]) => (
    <option key={way} value={way}>
      {word}
    </option>
  ))
}
