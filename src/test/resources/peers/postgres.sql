-- A ledger as one SQL function: one call decides one command, in a transaction of its own.

CREATE TABLE account (
    user_id  text PRIMARY KEY,
    balance  numeric(20, 2) NOT NULL CHECK (balance >= 0),
    sequence bigint NOT NULL
);

CREATE TABLE entry (
    user_id     text NOT NULL,
    uid         uuid NOT NULL,
    sequence    bigint NOT NULL,
    type        text NOT NULL,
    amount      numeric(20, 2) NOT NULL,
    delta       numeric(20, 2) NOT NULL,
    status      text NOT NULL,
    balance     numeric(20, 2) NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (user_id, uid),
    UNIQUE (user_id, sequence)
);

CREATE FUNCTION decide(the_user text, the_uid uuid, the_type text, the_amount numeric) RETURNS entry
    LANGUAGE plpgsql AS
$$
DECLARE
    holder  account;
    outcome entry;
    wanted  numeric := CASE the_type WHEN 'DEPOSIT' THEN the_amount ELSE -the_amount END;
BEGIN
    -- The lock puts the user's commands in an order; so a uid that is not there now cannot come in between.
    SELECT * INTO holder FROM account WHERE user_id = the_user FOR UPDATE;
    IF NOT FOUND THEN
        INSERT INTO account VALUES (the_user, 0, 0) ON CONFLICT DO NOTHING;
        SELECT * INTO holder FROM account WHERE user_id = the_user FOR UPDATE;
    END IF;
    SELECT * INTO outcome FROM entry WHERE user_id = the_user AND uid = the_uid;
    IF FOUND THEN
        RETURN outcome;
    END IF;
    IF holder.balance + wanted < 0 THEN
        wanted := 0;
    END IF;
    INSERT INTO entry (user_id, uid, sequence, type, amount, delta, status, balance)
    VALUES (the_user, the_uid, holder.sequence + 1, the_type, the_amount, wanted,
            CASE wanted WHEN 0 THEN 'REJECTED' ELSE 'ACCEPTED' END, holder.balance + wanted)
    RETURNING * INTO outcome;
    UPDATE account SET balance = outcome.balance, sequence = outcome.sequence WHERE user_id = the_user;
    RETURN outcome;
END
$$;
