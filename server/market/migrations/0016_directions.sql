ALTER TABLE "flexible_unit" ADD COLUMN "max_turn_up_w" double precision DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "submitted_schedule" ADD COLUMN "direction" text DEFAULT 'turn-down' NOT NULL;--> statement-breakpoint
ALTER TABLE "contract" ADD COLUMN "direction" text DEFAULT 'turn-down' NOT NULL;--> statement-breakpoint
ALTER TABLE "tender" ADD COLUMN "direction" text DEFAULT 'turn-down' NOT NULL;--> statement-breakpoint
ALTER TABLE "submitted_schedule" DROP CONSTRAINT "submitted_schedule_fu_id_trading_day_kind_revision_pk";--> statement-breakpoint
ALTER TABLE "submitted_schedule" ADD CONSTRAINT "submitted_schedule_fu_id_trading_day_kind_direction_revision_pk" PRIMARY KEY("fu_id","trading_day","kind","direction","revision");
