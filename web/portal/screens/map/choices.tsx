import { useNavigate } from '@tanstack/react-router'
import type { DemandRun } from '../../../../schemas/planning/demand-runs.ts'
import styles from './map.module.css'
import { isOfPlaces, type Trips } from './places.ts'
import { isOfRun, type Scenario } from './subject.ts'
import type { PlacesBy } from './tiles.ts'
import { type Subject, subjectWords } from './words.ts'

/** What the map shows; of a run of EV demand also which scenario, and which year. */
export function Choices({
  subject,
  scenario: { runs, run, years, year },
  trips,
}: {
  subject: Subject
  scenario: Scenario
  trips: Trips
}) {
  const navigate = useNavigate({ from: '/map' })
  return (
    <div className={styles.choices}>
      <label>
        Show
        <select
          className="rm-select"
          value={subject}
          onChange={(event) => {
            const chosen = event.currentTarget.value as Subject
            void navigate({ search: (s) => ({ ...s, subject: chosen }) })
          }}
        >
          {Object.entries(subjectWords).map(([each, word]) => (
            <option key={each} value={each}>
              {word}
            </option>
          ))}
        </select>
      </label>
      {isOfRun(subject) && run && (
        <>
          <RunChoice label="Scenario" runs={runs} run={run} />
          <label>
            Year
            <select
              className="rm-select"
              value={year}
              onChange={(event) => {
                const chosen = Number(event.currentTarget.value)
                void navigate({ search: (s) => ({ ...s, year: chosen }) })
              }}
            >
              {years.map((each) => (
                <option key={each} value={each}>
                  {each}
                </option>
              ))}
            </select>
          </label>
        </>
      )}
      {isOfPlaces(subject) && trips.run && (
        <>
          <RunChoice label="Run" runs={trips.runs} run={trips.run} />
          <label>
            By
            <select
              className="rm-select"
              value={trips.by}
              onChange={(event) => {
                const chosen = event.currentTarget.value as PlacesBy
                void navigate({ search: (s) => ({ ...s, by: chosen }) })
              }}
            >
              <option value="borough">Borough</option>
              <option value="area">Area</option>
            </select>
          </label>
        </>
      )}
    </div>
  )
}

function RunChoice({ label, runs, run }: { label: string; runs: readonly DemandRun[]; run: DemandRun }) {
  const navigate = useNavigate({ from: '/map' })
  return (
    <label>
      {label}
      <select
        className="rm-select"
        value={run.runId}
        onChange={(event) => {
          const chosen = event.currentTarget.value
          void navigate({ search: (s) => ({ ...s, run: chosen }) })
        }}
      >
        {runs.map(({ runId, title }) => (
          <option key={runId} value={runId}>
            {title}
          </option>
        ))}
      </select>
    </label>
  )
}
