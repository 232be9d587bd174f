ALTER TABLE "statement" ADD COLUMN "figures_version" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "statement_line" ADD COLUMN "available_w" double precision;--> statement-breakpoint
ALTER TABLE "statement_line" ADD COLUMN "instructed_wh" double precision;--> statement-breakpoint
ALTER TABLE "statement_line" ADD COLUMN "instructions" jsonb;--> statement-breakpoint
ALTER TABLE "statement_line" ADD COLUMN "site" jsonb;--> statement-breakpoint
ALTER TABLE "statement_line" ADD COLUMN "elsewhere_wh" double precision DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "statement_line" ADD COLUMN "turned_down_wh" double precision;--> statement-breakpoint
ALTER TABLE "statement_line" ADD COLUMN "price_rule" text DEFAULT 'contract' NOT NULL;--> statement-breakpoint
ALTER TABLE "statement_line" ADD COLUMN "contract_gbp_per_mwh" text;--> statement-breakpoint
ALTER TABLE "statement_line" ADD COLUMN "bid_gbp_per_mwh" text;--> statement-breakpoint
ALTER TABLE "statement_line" ADD COLUMN "cleared_gbp_per_mwh" text;--> statement-breakpoint
ALTER TABLE "statement_line" ADD COLUMN "tolerance_wh" double precision;--> statement-breakpoint
ALTER TABLE "statement_line" ADD COLUMN "penalty_gbp" text DEFAULT '0' NOT NULL;