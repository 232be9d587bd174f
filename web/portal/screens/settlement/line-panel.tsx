import { useQuery } from '@tanstack/react-query'
import type { LineExplanation, StatementLine } from '../../../../schemas/settlement/statements.ts'
import { LinkButton } from '../../../shared/components/link-button.tsx'
import { Notice } from '../../../shared/components/notice.tsx'
import { Loaded } from '../../../shared/components/query.tsx'
import { PanelFacts, PanelPart, SidePanel } from '../../../shared/components/side-panel.tsx'
import { gbp, kw, kwhDigits } from '../../../shared/format/power.ts'
import { dayAndTime, dayOf, shortDay, timeOfDay } from '../../../shared/format/time.ts'
import { lineExplanationQuery } from '../../settlement-queries.ts'
import styles from './line-panel.module.css'
import { flagWords, methodWords, priceRuleWords, schemeInWords } from './words.ts'

interface LinePanelProps {
  statementId: string
  line: StatementLine
  onClose: () => void
}

function kwhOr(energyWh: number | null, otherwise: string): string {
  return energyWh === null ? otherwise : `${kwhDigits(energyWh, 3)} kWh`
}

/** One line: its inputs and versions, and the arithmetic with the figures put in. */
export function LinePanel({ statementId, line, onClose }: LinePanelProps) {
  const explanation = useQuery(lineExplanationQuery(statementId, line.lineId))
  const day = dayOf(line.from)
  return (
    <SidePanel
      title={`Line ${line.number}: ${line.fuName}, ${shortDay(day)} ${timeOfDay(line.from)} to ${timeOfDay(line.to)}`}
      onClose={onClose}
      footer={
        <>
          <LinkButton to="/dispatch" search={{ day, fu: line.fuId, at: line.from }}>
            On the dispatch board
          </LinkButton>
          <LinkButton to="/baselines" search={{ day, fu: line.fuId }}>
            Baselines
          </LinkButton>
        </>
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
            ['Contracted', `${kw(line.contractedW)}${line.direction === 'turn-up' ? ' of turn-up' : ''}`],
            ...(line.availableW === line.contractedW ? [] : [['Availability paid for', kw(line.availableW)] as const]),
            ['Instructed', line.instructedW === null ? 'nothing' : `${kw(line.instructedW)} on average`],
            ['Baseline', kwhOr(line.baselineWh, 'none')],
            [
              'Metered',
              `${kwhOr(line.meteredWh, 'none')}${line.meterRevision === null ? '' : `, revision ${line.meterRevision}`}`,
            ],
            ...(line.limitWh === null
              ? []
              : [
                  [
                    line.direction === 'turn-up'
                      ? 'Import within the agreed limit'
                      : 'Baseline within the agreed limit',
                    kwhOr(line.limitWh, ''),
                  ] as const,
                ]),
            ...(line.site?.export?.leastImportWh == null
              ? []
              : [['Least import within the export limit', kwhOr(line.site.export.leastImportWh, '')] as const]),
            ['Availability price', `£${line.availabilityGbpPerMwH} per MW per h`],
            ['Utilisation price', `£${line.utilisationGbpPerMwh} per MWh: ${priceRuleWords[line.priceRule]}`],
            ...(line.bidGbpPerMwh === null ? [] : [['Cost submitted', `£${line.bidGbpPerMwh} per MWh`] as const]),
            ...(line.clearedGbpPerMwh === null
              ? []
              : [['Highest price at the node', `£${line.clearedGbpPerMwh} per MWh`] as const]),
            ...(line.previousGbp === null ? [] : [['Settled before', gbp(line.previousGbp)] as const]),
          ]}
        />
      </PanelPart>
      <PanelPart title="Terms of the contract">
        <span>
          Baseline: {methodWords[line.terms.baselineMethod]}
          {line.terms.inDayAdjustment ? ', adjusted on the day' : ''}. Pay: {schemeInWords(line.terms.scheme)}.
        </span>
      </PanelPart>
      <Loaded query={explanation}>{(data) => <Explanation explanation={data} line={line} />}</Loaded>
    </SidePanel>
  )
}

function Explanation({ explanation, line }: { explanation: LineExplanation; line: StatementLine }) {
  return (
    <>
      <PanelPart title="Baseline">
        <span>{explanation.baselineMethodInWords}</span>
        {explanation.baselineValues.length > 0 && (
          <PanelFacts
            items={explanation.baselineValues.map(
              (value) =>
                [
                  `${shortDay(value.day)} ${timeOfDay(value.from)}`,
                  `${kwhDigits(value.energyWh, 3)} kWh, revision ${value.revision}`,
                ] as const,
            )}
          />
        )}
      </PanelPart>
      <PanelPart title="Arithmetic">
        <ol className={styles.steps}>
          {explanation.steps.map((step) => (
            <li key={step.quantity}>
              <span>{step.quantity}</span>
              <strong>{step.result}</strong>
              <span className={styles.formula}>{step.formula}</span>
              {step.working !== step.formula && <span className={styles.formula}>= {step.working}</span>}
            </li>
          ))}
        </ol>
        <PanelFacts items={[['Amount', <strong key="amount">{gbp(line.amountGbp)}</strong>]]} />
        <span className="rm-secondary">By meter data as known at {dayAndTime(explanation.asOf)}.</span>
      </PanelPart>
    </>
  )
}
