import { Button, Modal } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import type { ProductInForce } from '../../../../../schemas/market/products.ts'
import { type Column, DataTable } from '../../../../shared/components/data-table.tsx'
import { Page, Section } from '../../../../shared/components/page.tsx'
import { Loaded } from '../../../../shared/components/query.tsx'
import { count } from '../../../../shared/format/power.ts'
import { productsQuery } from '../../../market-queries.ts'
import { useOwnFsp, useRefusal } from '../../../session.ts'
import { MarketTabs } from '../tabs.tsx'
import { NewProduct } from './new-product.tsx'
import { ProductPanel } from './product-panel.tsx'
import { paysInWords, productKindWords } from './words.ts'

const columns: Column<ProductInForce>[] = [
  {
    id: 'product',
    header: 'Product',
    accessorFn: ({ product }) => product,
    cell: ({ row }) => row.original.product,
  },
  {
    id: 'name',
    header: 'Name',
    accessorFn: ({ settings }) => settings.name,
    cell: ({ row }) => row.original.settings.name,
  },
  {
    id: 'kind',
    header: 'Dispatched',
    meta: { from: 'medium' },
    accessorFn: ({ kind }) => kind,
    cell: ({ row }) => productKindWords[row.original.kind],
  },
  {
    id: 'pays',
    header: 'Pays',
    meta: { from: 'medium' },
    accessorFn: ({ settings }) => paysInWords(settings),
    cell: ({ row }) => paysInWords(row.original.settings),
  },
  {
    id: 'changed',
    header: 'Rules',
    meta: { from: 'wide' },
    accessorFn: ({ version }) => version,
    cell: ({ row }) => `version ${row.original.version}, by ${row.original.changedBy}`,
  },
]

/** The products that flexibility is bought as, with their rules in force. */
export function Products() {
  const query = useQuery(productsQuery)
  const { product: selected } = useSearch({ from: '/inside/market/products' })
  const navigate = useNavigate({ from: '/market/products' })
  const isFsp = useOwnFsp() !== null
  const refusal = useRefusal('administrator')
  const [isAdding, setAdding] = useState(false)
  const open = (product: string | undefined) => void navigate({ search: { product } })
  const found = query.data?.find(({ product }) => product === selected)
  return (
    <Page
      title="Market"
      subtitle={query.data && count(query.data.length, 'product')}
      actions={
        !isFsp && (
          <Button
            variant="filled"
            disabled={refusal !== null}
            title={refusal ?? undefined}
            onClick={() => setAdding(true)}
          >
            Add a product
          </Button>
        )
      }
      panel={
        found && <ProductPanel key={found.product} product={found} isReadOnly={isFsp} onClose={() => open(undefined)} />
      }
    >
      <MarketTabs />
      <Loaded query={query}>
        {(products) => (
          <Section flush>
            <DataTable
              label="Products"
              rows={products}
              columns={columns}
              rowKey={({ product }) => product}
              selectedKey={selected}
              onOpen={({ product }) => open(product)}
              empty="There are no products: nothing can be bought until an administrator adds one."
            />
          </Section>
        )}
      </Loaded>
      <Modal opened={isAdding} onClose={() => setAdding(false)} title="Add a product" size={600}>
        {isAdding && (
          <NewProduct
            taken={query.data?.map(({ product }) => product) ?? []}
            onDone={(product) => {
              setAdding(false)
              open(product)
            }}
          />
        )}
      </Modal>
    </Page>
  )
}
