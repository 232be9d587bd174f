import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useMemo } from 'react'
import { operations } from '../../../../schemas/operations.ts'
import type { Statement } from '../../../../schemas/settlement/statements.ts'
import { addressOf } from '../../../shared/api/client.ts'
import { LinkButton } from '../../../shared/components/link-button.tsx'
import { Mark } from '../../../shared/components/mark.tsx'
import { Notice } from '../../../shared/components/notice.tsx'
import { Facts, Page, Section } from '../../../shared/components/page.tsx'
import { Loaded } from '../../../shared/components/query.tsx'
import { count, energy, gbp } from '../../../shared/format/power.ts'
import { dayAndTime, dayOf, monthInWords, shortDay } from '../../../shared/format/time.ts'
import { statementQuery } from '../../queries.ts'
import { useOwnFsp } from '../../session.ts'
import { Disputes } from './disputes.tsx'
import { LinePanel } from './line-panel.tsx'
import { Lines } from './lines.tsx'
import { StatementActions } from './statement-actions.tsx'
import { UnitTotals } from './unit-totals.tsx'
import { isUnpaid, methodWords, schemeInWords, statementStateWords } from './words.ts'

/** One statement: who, what, when, the sums by FU, and every line down to its arithmetic. */
export function StatementPage() {
  const { statementId } = useParams({ from: '/inside/settlement/$statementId' })
  const query = useQuery(statementQuery(statementId))
  if (query.data) return <Content statement={query.data} />
  return (
    <Page title="Statement">
      <Loaded query={query}>{() => null}</Loaded>
    </Page>
  )
}

function Content({ statement }: { statement: Statement }) {
  const { line: openNumber, fu, day } = useSearch({ from: '/inside/settlement/$statementId' })
  const navigate = useNavigate({ from: '/settlement/$statementId' })
  const open = statement.lines.find((line) => line.number === openNumber)
  const days = useMemo(() => [...new Set(statement.lines.map((line) => dayOf(line.from)))], [statement])
  const shown = useMemo(
    () => statement.lines.filter((line) => (!fu || line.fuId === fu) && (!day || dayOf(line.from) === day)),
    [statement, fu, day],
  )
  const units = [...new Map(statement.lines.map((line) => [line.fuId, line.fuName]))]
  return (
    <Page
      title={`Statement ${statement.number}`}
      subtitle={`${statement.fspName}, product ${statement.product}, ${monthInWords(statement.month)}${statement.delta > 0 ? `, delta ${statement.delta}` : ''}`}
      actions={<Actions statement={statement} />}
      panel={
        open && (
          <LinePanel
            key={open.lineId}
            statementId={statement.statementId}
            line={open}
            onClose={() => void navigate({ search: (s) => ({ ...s, line: undefined }) })}
          />
        )
      }
    >
      <Head statement={statement} />
      <Section title="By FU" flush>
        <UnitTotals
          statementId={statement.statementId}
          lines={statement.lines}
          selected={fu}
          onOpen={(fuId) =>
            void navigate({ search: (s) => ({ ...s, fu: fuId === fu ? undefined : fuId, line: undefined }) })
          }
        />
      </Section>
      <Section
        title={`Lines (${count(shown.length, 'line')})`}
        flush
        actions={
          <>
            <Filter
              label="FU"
              value={fu}
              options={units}
              onChange={(fuId) => void navigate({ search: (s) => ({ ...s, fu: fuId, line: undefined }) })}
            />
            <Filter
              label="Day"
              value={day}
              options={days.map((each) => [each, shortDay(each)])}
              onChange={(to) => void navigate({ search: (s) => ({ ...s, day: to, line: undefined }) })}
            />
          </>
        }
      >
        <Lines
          lines={shown}
          selected={openNumber}
          onOpen={(number) => void navigate({ search: (s) => ({ ...s, line: number }) })}
        />
      </Section>
      <Disputes statement={statement} lineNumber={openNumber} />
    </Page>
  )
}

/** The way back, the statement as a file, and its next steps. */
function Actions({ statement }: { statement: Statement }) {
  const isFsp = useOwnFsp() !== null
  return (
    <>
      <LinkButton to="/settlement">All statements</LinkButton>
      <Button
        component="a"
        href={addressOf(operations.readStatementCsv, { params: { id: statement.statementId } })}
        download
      >
        CSV
      </Button>
      <Button
        component="a"
        href={addressOf(operations.readStatementPdf, { params: { id: statement.statementId } })}
        download
      >
        PDF
      </Button>
      {!isFsp && <StatementActions statement={statement} />}
    </>
  )
}

function Head({ statement }: { statement: Statement }) {
  const flagged = statement.lines.filter(isUnpaid).length
  return (
    <>
      {flagged > 0 && (
        <Notice tone="doubt" title={`${count(flagged, 'line')} unpaid because data or service is missing`}>
          They are marked in the list. Late data corrects this when the draft is prepared again.
        </Notice>
      )}
      <Section>
        <Facts
          items={[
            ['Total', <strong key="total">{gbp(statement.totalGbp)}</strong>],
            ['Delivered', energy(statement.deliveredWh)],
            ['State', <Mark key="state" {...statementStateWords[statement.state]} />],
            ['Prepared', `${dayAndTime(statement.preparedAt)} by ${statement.preparedBy}`],
            ['Baseline', methodWords[statement.baselineMethod]],
            ['Payment', schemeInWords(statement.scheme)],
            ...(statement.checkedBy ? [['Checked by', statement.checkedBy] as const] : []),
            ...(statement.approvedBy ? [['Approved by', statement.approvedBy] as const] : []),
            ...(statement.issuedAt ? [['Issued', dayAndTime(statement.issuedAt)] as const] : []),
          ]}
        />
      </Section>
    </>
  )
}

interface FilterProps {
  label: string
  value: string | undefined
  options: readonly (readonly [value: string, label: string])[]
  onChange: (value: string | undefined) => void
}

function Filter({ label, value, options, onChange }: FilterProps) {
  return (
    <select
      className="rm-select"
      aria-label={label}
      value={value ?? ''}
      onChange={(event) => onChange(event.currentTarget.value || undefined)}
    >
      <option value="">{label}: all</option>
      {options.map(([each, name]) => (
        <option key={each} value={each}>
          {name}
        </option>
      ))}
    </select>
  )
}
