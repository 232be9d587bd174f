CREATE TABLE "unit_choice" (
	"fu_id" uuid NOT NULL,
	"day" text NOT NULL,
	"product" text NOT NULL,
	"run_id" uuid NOT NULL,
	"started_at" timestamp with time zone NOT NULL,
	"read_at" timestamp with time zone NOT NULL,
	"periods" jsonb NOT NULL,
	CONSTRAINT "unit_choice_fu_id_day_product_pk" PRIMARY KEY("fu_id","day","product")
);
