ALTER TABLE "schedule_selection" ADD COLUMN "product" text DEFAULT '*' NOT NULL;--> statement-breakpoint
ALTER TABLE "schedule_selection" DROP CONSTRAINT "schedule_selection_fu_id_trading_day_pk";--> statement-breakpoint
ALTER TABLE "schedule_selection" ADD CONSTRAINT "schedule_selection_fu_id_trading_day_product_pk" PRIMARY KEY("fu_id","trading_day","product");
