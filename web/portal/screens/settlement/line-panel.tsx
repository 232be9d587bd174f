import type { Statement, StatementLine } from '../../../../schemas/settlement.ts'
import { LinkButton } from '../../../shared/components/link-button.tsx'
import { Notice } from '../../../shared/components/notice.tsx'
import { PanelFacts, PanelPart, SidePanel } from '../../../shared/components/side-panel.tsx'
import { gbp, kw, kwhDigits } from '../../../shared/format/power.ts'
import { dayOf, shortDay, timeOfDay } from '../../../shared/format/time.ts'
import { arithmeticOf } from './arithmetic.ts'
import styles from './line-panel.module.css'
import { flagWords } from './words.ts'

interface LinePanelProps {
  line: StatementLine
  scheme: Statement['scheme']
  onClose: () => void
}

/** One line: its inputs and versions, and the arithmetic with the figures put in. */
export function LinePanel({ line, scheme, onClose }: LinePanelProps) {
  const { steps, amountGbp } = arithmeticOf(line, scheme)
  const day = dayOf(line.from)
  return (
    <SidePanel
      title={`Line ${line.number}: ${line.fuName}, ${shortDay(day)} ${timeOfDay(line.from)} to ${timeOfDay(line.to)}`}
      onClose={onClose}
      footer={
        <LinkButton to="/dispatch" search={{ day, fu: line.fuId, at: line.from }}>
          On the dispatch board
        </LinkButton>
      }
    >
      {line.flags.map((flag) => (
        <Notice key={flag} tone="doubt" title={flagWords[flag].word}>
          {flagWords[flag].meaning}
        </Notice>
      ))}
      <PanelPart title="Inputs">
        <PanelFacts
          items={[
            ['Contracted', kw(line.contractedW)],
            ['Instructed and accepted', line.instructedW === null ? 'nothing' : kw(line.instructedW)],
            ['Baseline', line.baselineWh === null ? 'none' : `${kwhDigits(line.baselineWh, 3)} kWh`],
            [
              'Metered',
              line.meteredWh === null
                ? 'none'
                : `${kwhDigits(line.meteredWh, 3)} kWh, revision ${line.meterRevision ?? '–'}`,
            ],
            ['Availability price', `£${line.availabilityGbpPerMwH} per MW per h`],
            ['Utilisation price', `£${line.utilisationGbpPerMwh} per MWh`],
          ]}
        />
      </PanelPart>
      {line.baselineDays.length > 0 && (
        <PanelPart title={`Baseline: mean of ${line.baselineDays.length} comparable days`}>
          <span className="rm-number">{line.baselineDays.map((each) => shortDay(each)).join(', ')}</span>
        </PanelPart>
      )}
      <PanelPart title="Arithmetic">
        <ol className={styles.steps}>
          {steps.map((step) => (
            <li key={step.name}>
              <span>{step.name}</span>
              <strong>{step.result}</strong>
              <span className={styles.formula}>{step.formula}</span>
            </li>
          ))}
        </ol>
        {amountGbp !== line.amountGbp && (
          <Notice tone="fault" title="Redone here it comes to another amount">
            {gbp(amountGbp)} instead of {gbp(line.amountGbp)}.
          </Notice>
        )}
      </PanelPart>
    </SidePanel>
  )
}
