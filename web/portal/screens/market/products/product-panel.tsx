import { Button } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import type { ProductInForce, ProductSettings } from '../../../../../schemas/market/products.ts'
import { operations } from '../../../../../schemas/operations.ts'
import { api } from '../../../../shared/api/client.ts'
import { Notice } from '../../../../shared/components/notice.tsx'
import { SaveProblem } from '../../../../shared/components/save-problem.tsx'
import { PanelFacts, PanelPart, SidePanel } from '../../../../shared/components/side-panel.tsx'
import { dayAndTime } from '../../../../shared/format/time.ts'
import { isSameData } from '../../../../shared/same-data.ts'
import { waitingQuery } from '../../../proposal-queries.ts'
import { useRefusal } from '../../../session.ts'
import { WaitingFor } from '../../proposals/proposal-view.tsx'
import { methodWords, priceRuleWords, schemeInWords } from '../../settlement/words.ts'
import styles from '../../targets/targets.module.css'
import { productDraft, readProduct } from './draft.ts'
import { ProductFields } from './product-fields.tsx'
import { paysInWords, productKindWords } from './words.ts'

interface ProductPanelProps {
  product: ProductInForce
  /** Whether it is shown to an FSP, which changes nothing. */
  isReadOnly: boolean
  onClose: () => void
}

/** A product: its rules in force, and for administrators a form to propose others. */
export function ProductPanel({ product, isReadOnly, onClose }: ProductPanelProps) {
  const { kind, settings, version, changedAt, changedBy } = product
  return (
    <SidePanel title={`${product.product}, ${settings.name}`} onClose={onClose}>
      <PanelPart title="Rules in force">
        <PanelFacts
          items={[
            ['Dispatched', productKindWords[kind]],
            ['Pays', paysInWords(settings)],
            ['Utilisation price', priceRuleWords[settings.priceRule]],
            ['Payment', schemeInWords(settings.paymentScheme)],
            ['Baselines', settings.baselineMethods.map((method) => methodWords[method]).join(', ')],
            ['Notice at least', `${settings.noticeMinutes} min`],
            [`Version ${version}`, `from ${dayAndTime(changedAt)}, by ${changedBy}`],
          ]}
        />
        <Link to="/market/timetables" search={{ timetable: product.product }}>
          Its timetable and gates
        </Link>
      </PanelPart>
      {!isReadOnly && (
        <PanelPart title="Other rules">
          <ChangeForm product={product} />
        </PanelPart>
      )}
    </SidePanel>
  )
}

function ChangeForm({ product }: { product: ProductInForce }) {
  // What the person began with stays, whatever others bring into force meanwhile.
  const [begun, setBegun] = useState(product)
  const [draft, setDraft] = useState(() => productDraft(product.settings))
  const [tried, setTried] = useState(false)
  const queries = useQueryClient()
  const refusal = useRefusal('administrator')
  const { settings: read, faults } = readProduct(draft)
  const propose = useMutation({
    mutationFn: (body: ProductSettings) =>
      api.call(operations.changeProduct, {
        params: { product: product.product },
        body,
        version: begun.version,
      }),
    onSuccess: () => queries.invalidateQueries({ queryKey: waitingQuery.queryKey }),
  })
  const beginAgain = () => {
    setBegun(product)
    setDraft(productDraft(product.settings))
    setTried(false)
    propose.reset()
  }
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (read) propose.mutate(read)
  }
  const isChanged = read === null || !isSameData(read, begun.settings)
  if (begun.version !== product.version && !isChanged) beginAgain()
  return (
    <form className={styles.form} onSubmit={onSubmit} noValidate>
      <ProductFields
        draft={draft}
        fault={(field) => (tried ? faults.get(field) : undefined)}
        set={(change) => setDraft((before) => ({ ...before, ...change }))}
      />
      <Notice>
        Other rules hold once a second person has approved them. What is settled for an earlier time follows the rules
        that were in force then.
      </Notice>
      <WaitingFor subjectId={product.product} operation="changeProduct" />
      {begun.version !== product.version && !propose.isError && (
        <Notice tone="risk" title={`Version ${product.version} by ${product.changedBy} is in force since you began`}>
          <p>What you entered is kept, but it starts from version {begun.version}.</p>
          <Button onClick={beginAgain}>Begin again with the rules in force</Button>
        </Notice>
      )}
      {propose.isError && <SaveProblem error={propose.error} fields={[]} onReload={beginAgain} />}
      <span>
        <Button
          type="submit"
          loading={propose.isPending}
          disabled={refusal !== null || !isChanged}
          title={refusal ?? undefined}
        >
          Propose these rules
        </Button>
        {refusal && <span className="rm-secondary"> {refusal}</span>}
      </span>
    </form>
  )
}
