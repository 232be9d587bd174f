import { useNavigate } from '@tanstack/react-router'
import styles from './map.module.css'
import { isOfRun, type Scenario } from './subject.ts'
import { type Subject, subjectWords } from './words.ts'

/** What the map shows; of a run of EV demand also which scenario, and which year. */
export function Choices({ subject, scenario: { runs, run, years, year } }: { subject: Subject; scenario: Scenario }) {
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
          <label>
            Scenario
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
    </div>
  )
}
