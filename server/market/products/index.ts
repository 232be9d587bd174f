import { productOperations } from '../../../schemas/market/products.ts'
import { bind, proposed } from '../../kit/index.ts'
import { type ContractsFrom, changeProduct } from './change-product.ts'
import { createProduct } from './create-product.ts'
import { productsById, requireProduct } from './store.ts'
import { viewProduct } from './views.ts'

export { noticesOf } from './notices.ts'
export { givenProduct, kindOfProduct, kindsOfProducts, listProducts, type ProductRules, productsById } from './store.ts'

/** The products that flexibility is bought as. Contracts, a slice above, decide what a product may no longer change. */
export const productsUnder = (contractsFrom: ContractsFrom) =>
  bind(productOperations, {
    createProduct,
    changeProduct: proposed(changeProduct(contractsFrom)),
    listProducts: async ({ db, at }) => ({
      items: [...(await productsById(db, at)).values()].map(viewProduct),
      nextCursor: null,
    }),
    readProduct: async ({ db, at, params }) => viewProduct(await requireProduct(db, params.product, at)),
  })
