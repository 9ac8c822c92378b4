package io.tally.wire;

import static io.tally.wire.InputField.AMOUNT;
import static io.tally.wire.InputField.CURRENCY;
import static io.tally.wire.InputField.NAME;
import static io.tally.wire.InputField.TIMESTAMP;
import static io.tally.wire.InputField.TYPE;
import static io.tally.wire.InputField.UID;
import static io.tally.wire.InputField.USER_ID;

import io.tally.ledger.Account;
import io.tally.ledger.Command;
import io.tally.ledger.CommandType;
import io.tally.ledger.CurrencyTable;
import io.tally.ledger.Money;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Judges one draft: either it becomes a command, or every flaw is found. Used once, by one thread. */
final class CommandValidation {
    private static final int MAX_AMOUNT_CHARS = 40;
    private static final int MAX_INTEGER_DIGITS = 19;
    private static final int MAX_NAME_CODE_POINTS = 200;
    private static final int MOST_DIGITS = 4;
    private static final InputField[] RESERVED =
            Arrays.stream(InputField.values()).filter(InputField::reserved).toArray(InputField[]::new);

    private final CommandDraft draft;
    private final CurrencyTable currencies;
    private final String defaultCurrency;
    private final List<Flaw> flaws;

    CommandValidation(CommandDraft draft, CurrencyTable currencies, String defaultCurrency, List<Flaw> flaws) {
        this.draft = draft;
        this.currencies = currencies;
        this.defaultCurrency = defaultCurrency;
        this.flaws = flaws;
    }

    Decoded validate(byte @Nullable [] key, boolean keyTooLarge, long recordTimestamp) {
        UUID uid = uid();
        CommandType type = type();
        String userId = keyTooLarge ? fieldUser() : user(key);
        String currency = currency(type);
        long amount = amount(type, currency);
        long effectiveAt = effectiveAt(recordTimestamp);
        String name = name(type);
        refuseReserved();
        if (!flaws.isEmpty() || uid == null || type == null || userId == null || currency == null) {
            return new Decoded.Invalid(flaws);
        }
        Account account = new Account(userId, currency);
        return new Decoded.Valid(
                new Command(uid, account, type, amount, effectiveAt, name, draft.has(CURRENCY), draft.has(TIMESTAMP)));
    }

    private @Nullable UUID uid() {
        if (!draft.has(UID)) {
            flaws.add(UID.missing("Expected a uid: a UUID of your own, the same one when you send the command again"));
            return null;
        }
        String text = draft.text(UID);
        UUID uid = text == null ? null : UidText.parse(text);
        if (uid == null) {
            flaws.add(UID.invalid());
        }
        return uid;
    }

    private @Nullable CommandType type() {
        if (!draft.has(TYPE)) {
            flaws.add(TYPE.missing("Expected a type: OPEN, DEPOSIT or WITHDRAW"));
            return null;
        }
        String text = draft.text(TYPE);
        CommandType type = text == null ? null : commandType(text);
        if (type == null) {
            flaws.add(TYPE.invalid());
        }
        return type;
    }

    private static @Nullable CommandType commandType(String text) {
        return switch (text) {
            case "OPEN" -> CommandType.OPEN;
            case "DEPOSIT" -> CommandType.DEPOSIT;
            case "WITHDRAW" -> CommandType.WITHDRAW;
            default -> null;
        };
    }

    private @Nullable String user(byte @Nullable [] key) {
        if (key == null) {
            if (!draft.has(USER_ID)) {
                flaws.add(USER_ID.missing("Expected a user_id, or the user id as the record's key"));
            }
            return fieldUser();
        }
        String keyUser = keyUser(key);
        if (!draft.has(USER_ID)) {
            return keyUser;
        }
        String fieldUser = fieldUser();
        if (keyUser != null && fieldUser != null && !keyUser.equals(fieldUser)) {
            flaws.add(USER_ID.mismatch());
        }
        return keyUser;
    }

    private @Nullable String keyUser(byte[] key) {
        // One character per byte: bytes beyond ASCII cannot turn into characters that a user id may have.
        String text = new String(key, StandardCharsets.ISO_8859_1);
        if (UserId.isValid(text)) {
            return text;
        }
        flaws.add(new Flaw(
                DeadLetterCode.INVALID_USER,
                "",
                "Expected the record's key to be a user id: 1 to 64 characters of A-Z a-z 0-9 . _ : - starting with a"
                        + " letter or digit"));
        return null;
    }

    /** The field's user id, or null when it is absent or wrong. */
    private @Nullable String fieldUser() {
        if (!draft.has(USER_ID)) {
            return null;
        }
        String text = draft.text(USER_ID);
        boolean longInteger = text != null && text.length() > MAX_INTEGER_DIGITS && draft.isNumber(USER_ID);
        if (text == null || longInteger || !UserId.isValid(text)) {
            flaws.add(USER_ID.invalid());
            return null;
        }
        return text;
    }

    private @Nullable String currency(@Nullable CommandType type) {
        if (!draft.has(CURRENCY)) {
            return defaultCurrency;
        }
        String text = draft.text(CURRENCY);
        if (text == null || currencies.digits(text) == null) {
            flaws.add(CURRENCY.invalid());
            return null;
        }
        if (type == CommandType.OPEN && !text.equals(defaultCurrency)) {
            flaws.add(CURRENCY.invalid("Expected no currency other than the default, " + defaultCurrency
                    + ", on OPEN: it concerns the user, not one currency"));
        }
        return text;
    }

    private long amount(@Nullable CommandType type, @Nullable String currency) {
        if (!draft.has(AMOUNT)) {
            if (type == CommandType.DEPOSIT || type == CommandType.WITHDRAW) {
                flaws.add(AMOUNT.missing("Expected an amount, such as \"10.50\""));
            }
            return 0;
        }
        if (type == CommandType.OPEN) {
            flaws.add(AMOUNT.misplaced("Expected no amount on OPEN: send a DEPOSIT after it"));
            return 0;
        }
        String text = draft.text(AMOUNT);
        Integer digits = currency == null ? null : currencies.digits(currency);
        long amount = text == null || text.length() > MAX_AMOUNT_CHARS
                ? MoneyText.NOT_PLAIN
                : MoneyText.parse(text, digits == null ? MOST_DIGITS : digits);
        if (amount <= 0) {
            flaws.add(invalidAmount(amount, digits));
        }
        return amount;
    }

    private static Flaw invalidAmount(long fault, @Nullable Integer digits) {
        if (fault == 0) {
            return AMOUNT.invalid("Expected an amount of more than 0; a withdrawal is a WITHDRAW, not a sign");
        }
        if (fault == MoneyText.TOO_PRECISE) {
            return AMOUNT.invalid("Expected at most " + (digits == null ? MOST_DIGITS : digits)
                    + " digits after the point, as the currency has");
        }
        if (fault == MoneyText.TOO_LARGE) {
            return AMOUNT.invalid("Expected at most " + Money.MAX_AMOUNT + " minor units of the currency");
        }
        return AMOUNT.invalid();
    }

    private long effectiveAt(long recordTimestamp) {
        if (!draft.has(TIMESTAMP)) {
            return TimestampText.inRange(recordTimestamp);
        }
        String text = draft.text(TIMESTAMP);
        long millis = text == null ? TimestampText.INVALID : TimestampText.parse(text);
        if (millis == TimestampText.INVALID) {
            flaws.add(TIMESTAMP.invalid());
        }
        return millis;
    }

    private @Nullable String name(@Nullable CommandType type) {
        if (!draft.has(NAME)) {
            return null;
        }
        if (type == CommandType.DEPOSIT || type == CommandType.WITHDRAW) {
            flaws.add(NAME.misplaced("Expected a name on OPEN only"));
            return null;
        }
        String text = draft.text(NAME);
        if (text == null || !isName(text)) {
            flaws.add(NAME.invalid());
        }
        return text;
    }

    private static boolean isName(String text) {
        int codePoints = 0;
        for (int i = 0; i < text.length(); codePoints++) {
            int c = text.codePointAt(i);
            if (Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE) {
                return false;
            }
            i += Character.charCount(c);
        }
        return codePoints >= 1 && codePoints <= MAX_NAME_CODE_POINTS;
    }

    private void refuseReserved() {
        for (InputField field : RESERVED) {
            if (draft.has(field)) {
                flaws.add(field.invalid());
            }
        }
    }
}
