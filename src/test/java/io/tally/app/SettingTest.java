package io.tally.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SettingTest {
    @ParameterizedTest
    @EnumSource
    void shouldAllowItsOwnDefault(Setting setting) {
        String value = setting.defaultValue();
        if (value != null) {
            assertThatCode(() -> setting.check(value)).doesNotThrowAnyException();
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldDescribeItselfInOneLine(Setting setting) {
        assertThat(setting.description()).isNotBlank().doesNotContain("\n").doesNotEndWith(".");
    }

    @Test
    void shouldNameEachOptionOnce() {
        assertThat(Stream.of(Setting.values()).map(Setting::option))
                .doesNotHaveDuplicates()
                .contains("--http-port");
    }
}
