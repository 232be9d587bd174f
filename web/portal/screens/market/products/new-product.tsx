import { Button } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { type ProductKind, type ProductSettings, productKind } from '../../../../../schemas/market/products.ts'
import { operations } from '../../../../../schemas/operations.ts'
import { product as productText } from '../../../../../schemas/vocabulary/units.ts'
import { api } from '../../../../shared/api/client.ts'
import { Choice, Field, Fields } from '../../../../shared/components/fields.tsx'
import { Notice, ProblemNotice } from '../../../../shared/components/notice.tsx'
import { productsQuery } from '../../../market-queries.ts'
import styles from '../../targets/targets.module.css'
import { productDraft, readProduct } from './draft.ts'
import { ProductFields } from './product-fields.tsx'
import { productKindWords } from './words.ts'

interface NewProductProps {
  /** Short names that are in use. */
  taken: readonly string[]
  onDone: (product: string) => void
}

/** Adds a product. Nothing is bought as it before there are contracts, which need two people. */
export function NewProduct({ taken, onDone }: NewProductProps) {
  const [product, setProduct] = useState('')
  const [kind, setKind] = useState<ProductKind>('forward-option')
  const [draft, setDraft] = useState(() => productDraft())
  const [tried, setTried] = useState(false)
  const queries = useQueryClient()
  const { settings, faults } = readProduct(draft)
  const nameFault = shortNameFault(product, taken)
  const add = useMutation({
    mutationFn: (given: ProductSettings) =>
      api.call(operations.createProduct, { body: { product, kind, settings: given } }),
    async onSuccess() {
      await queries.invalidateQueries({ queryKey: productsQuery.queryKey })
      onDone(product)
    },
  })
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (settings && !nameFault) add.mutate(settings)
  }
  return (
    <form className={styles.form} onSubmit={onSubmit} noValidate>
      <Fields>
        <Field
          label="Short name"
          maxLength={16}
          value={product}
          fault={tried ? nameFault : null}
          hint="Such as D or OU-DA. It stays as it is."
          onChange={(event) => setProduct(event.currentTarget.value.trim())}
        />
        <Choice
          label="Dispatched"
          value={kind}
          hint="Its timetable begins with that of this kind, and can be changed under Timetables. The kind stays."
          onChange={(event) => setKind(productKind.parse(event.currentTarget.value))}
        >
          {productKind.options.map((one) => (
            <option key={one} value={one}>
              {productKindWords[one]}
            </option>
          ))}
        </Choice>
      </Fields>
      <ProductFields
        draft={draft}
        fault={(field) => (tried ? faults.get(field) : undefined)}
        set={(change) => setDraft((before) => ({ ...before, ...change }))}
      />
      <Notice>A product cannot be removed. Nothing is bought or paid by it before there are contracts.</Notice>
      {add.isError && <ProblemNotice error={add.error} />}
      <span>
        <Button type="submit" variant="filled" loading={add.isPending}>
          Add
        </Button>
      </span>
    </form>
  )
}

function shortNameFault(product: string, taken: readonly string[]): string | null {
  if (!productText.safeParse(product).success)
    return 'Begin with a letter, then letters, digits and hyphens, 16 at most.'
  return taken.includes(product) ? `There is a product ${product} already.` : null
}
